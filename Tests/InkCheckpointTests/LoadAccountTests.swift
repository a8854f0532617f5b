import Foundation
import InkCheckpoint
import InkSupport
import InkTensor
import InkTestSupport
import Testing

@Suite struct LoadAccountTests {
    @Test func everyTensorIsAccountedFor() throws {
        try withTemporaryFolder { folder in
            let keys = [
                "bert.embeddings.position_ids", "bert.embeddings.word_embeddings.weight",
                "bert.encoder.layer.0.entity.dense.weight", "bert.pooler.dense.weight", "cls.predictions.bias",
                "cls.predictions.decoder.weight",
            ]
            try SafetensorsWriter.write(
                keys.map { .init($0, Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])) },
                to: folder.appending(path: "model.safetensors"))
            let account = LoadAccount(
                try Checkpoint(contentsOf: folder), loaded: ["bert.embeddings.word_embeddings.weight": [2, 3]],
                new: ["classifier.weight": [10, 3], "classifier.bias": [10]],
                tied: ["cls.predictions.decoder.weight"])
            #expect(account.loadedParameterCount == 6)
            #expect(account.newParameterCount == 40)
            #expect(account.new.map(\.key) == ["classifier.bias", "classifier.weight"])
            #expect(account.tied.map(\.key) == ["cls.predictions.decoder.weight"])
            #expect(
                account.ignored.map(\.key) == [
                    "bert.embeddings.position_ids", "bert.pooler.dense.weight", "cls.predictions.bias",
                ])
            #expect(account.unexpected.map(\.key) == ["bert.encoder.layer.0.entity.dense.weight"])
            #expect(
                account.summary == "loaded 1 tensors (6 parameters), new 2, tied 1, ignored 3, unexpected 1")
            #expect(account.details.contains("\n  unexpected: bert.encoder.layer.0.entity.dense.weight [2, 3]"))
            let decoded = try JSONDecoder().decode(LoadAccount.self, from: JSONEncoder().encode(account))
            #expect(decoded == account)
        }
    }

    @Test func modelWithoutCheckpointIsAllNew() {
        let account = LoadAccount(nil, loaded: [:], new: ["a": [2]])
        #expect(account.source == nil)
        #expect(account.summary == "loaded 0 tensors (0 parameters), new 1, tied 0, ignored 0, unexpected 0")
    }

    @Test(arguments: [
        ("cls.*", "cls.predictions.bias", true), ("cls.*", "bert.cls.x", false), ("*.attn.bias", "h.0.attn.bias", true),
        ("*.attn.bias", "h.0.attn.bias.x", false), ("a", "a", true), ("a", "ab", false), ("*", "", true),
        ("a*b*c", "a.b.b.c", true), ("a*b*c", "a.c.b", false), ("ab*ba", "aba", false), ("*词*", "一个词表", true),
    ])
    func patterns(_ pattern: String, _ key: String, _ matches: Bool) {
        #expect(KeyPattern(pattern).matches(key) == matches)
    }
}
