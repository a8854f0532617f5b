import Foundation
import InkCheckpoint
import InkSupport
import InkTensor
import InkTestSupport
import Testing

@Suite struct CheckpointTests {
    private static func checkpoint(_ keys: [String], in folder: URL) throws -> Checkpoint {
        try SafetensorsWriter.write(
            keys.map { .init($0, Tensor([1, 2], shape: [2])) }, to: folder.appending(path: "model.safetensors"))
        return try Checkpoint(contentsOf: folder)
    }

    @Test func missingTensorNamesTheNearestKeys() throws {
        let checkpoint = try Checkpoint(contentsOf: Fixture.url("safetensors-f32"))
        let error = try #require(throws: InputError.self) {
            _ = try checkpoint.tensor("bert.encoder.layer.0.output.LayerNorm.wieght", expecting: [16])
        }
        #expect(error.location.hasSuffix("safetensors-f32"))
        #expect(error.problem.contains("bert.encoder.layer.0.output.LayerNorm.wieght"))
        #expect(error.expected == "a tensor of shape [16]")
        #expect(error.found?.contains("bert.encoder.layer.0.output.LayerNorm.weight") == true)
    }

    @Test func otherShapeNamesFileKeyAndBothShapes() throws {
        let checkpoint = try Checkpoint(contentsOf: Fixture.url("legacy-gamma-beta"))
        let error = try #require(throws: InputError.self) {
            _ = try checkpoint.tensor("bert.embeddings.LayerNorm.weight", expecting: [32])
        }
        #expect(error.location.hasSuffix("legacy-gamma-beta/pytorch_model.bin: bert.embeddings.LayerNorm.gamma"))
        #expect(error.expected == "[32]")
        #expect(error.found == "[16]")
    }

    @Test func integersAreNoFloatingPointNumbers() throws {
        let checkpoint = try Checkpoint(contentsOf: Fixture.url("odd/types-zip.bin"))
        #expect(try #require(throws: InputError.self) { _ = try checkpoint.tensor("i64") }.found == "i64")
        #expect(try #require(throws: InputError.self) { _ = try checkpoint.integers("f32") }.found == "f32")
        #expect(try checkpoint.integers("bool") == [1, 0, 1])
    }

    @Test func prefixOfTheBaseModelMayBeThereOrNot() throws {
        let bare = try Checkpoint(contentsOf: Fixture.url("zip-no-prefix"))
        let whole = try Checkpoint(contentsOf: Fixture.url("zip-f32"))
        let key = "embeddings.word_embeddings.weight"
        #expect(bare.resolve("bert." + key, prefix: "bert") == key)
        #expect(whole.resolve("bert." + key, prefix: "bert") == "bert." + key)
        #expect(whole.resolve(key, prefix: "bert") == "bert." + key)
        #expect(whole.resolve("bert.absent", prefix: "bert") == nil)
        #expect(whole.resolve("bert." + key, prefix: "ernie") == "bert." + key)
    }

    @Test func wrappersOfTrainingToolsAreDropped() throws {
        try withTemporaryFolder { folder in
            let wrapped = try Self.checkpoint(["module._orig_mod.a.weight", "module._orig_mod.ln_f.beta"], in: folder)
            #expect(wrapped.entries.map(\.key) == ["a.weight", "ln_f.bias"])
            let mixed = try Self.checkpoint(["module.a", "b.layer_norm.gamma", "c.gamma"], in: folder)
            #expect(mixed.entries.map(\.key) == ["b.layer_norm.weight", "c.gamma", "module.a"])
        }
    }

    @Test func twoTensorsOfOneCanonicalKeyAreRefused() throws {
        try withTemporaryFolder { folder in
            let error = try #require(throws: InputError.self) {
                _ = try Self.checkpoint(["x.LayerNorm.gamma", "x.LayerNorm.weight"], in: folder)
            }
            #expect(error.location.hasSuffix("x.LayerNorm.weight"))
            #expect(error.found?.contains("x.LayerNorm.gamma in model.safetensors") == true)
        }
    }

    @Test func folderWithoutWeightsSaysWhatWasLookedFor() throws {
        try withTemporaryFolder { folder in
            try Data("{}".utf8).write(to: folder.appending(path: "config.json"))
            let error = try #require(throws: InputError.self) { _ = try Checkpoint(contentsOf: folder) }
            #expect(error.expected?.contains("pytorch_model.bin.index.json") == true)
            #expect(error.found == "config.json")
            let missing = folder.appending(path: "nowhere")
            #expect(
                try #require(throws: InputError.self) { _ = try Checkpoint(contentsOf: missing) }.location.hasSuffix(
                    "nowhere"))
        }
    }

    /// The first of the known names is taken.
    @Test func safetensorsComeBeforePickles() throws {
        try withTemporaryFolder { folder in
            try Fixture.data("zip-f32/pytorch_model.bin").write(to: folder.appending(path: "pytorch_model.bin"))
            #expect(try Checkpoint(contentsOf: folder).fileNames == ["pytorch_model.bin"])
            #expect(try Self.checkpoint(["a"], in: folder).fileNames == ["model.safetensors"])
        }
    }

    @Test func digestIsThatOfTheFile() throws {
        try withTemporaryFolder { folder in
            let checkpoint = try Self.checkpoint(["x"], in: folder)
            let file = folder.appending(path: "model.safetensors")
            let expected = ["model.safetensors": SHA256.hexDigest(of: try Data(contentsOf: file))]
            #expect(try checkpoint.digests() == expected)
            // The second call does not read the file again.
            try FileManager.default.removeItem(at: file)
            #expect(try checkpoint.digests() == expected)
        }
    }

    @Test func checkpointIsReadFromManyTasks() async throws {
        let checkpoint = try Checkpoint(contentsOf: Fixture.url("zip-bf16"))
        let sums = try await withThrowingTaskGroup(of: Float.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try checkpoint.entries.reduce(0) { try $0 + checkpoint.tensor($1.key).values.reduce(0, +) }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(sums).count == 1)
    }
}
