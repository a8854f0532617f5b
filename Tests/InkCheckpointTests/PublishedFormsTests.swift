import Foundation
import InkCheckpoint
import InkTestSupport
import Testing

/// Every form in which weights are published, against values taken before the files were written.
@Suite struct PublishedFormsTests {
    @Test(arguments: [
        "legacy-f16", "legacy-f32", "legacy-gamma-beta", "safetensors-bf16", "safetensors-extra", "safetensors-f16",
        "safetensors-f32", "safetensors-sharded", "zip-bf16", "zip-early", "zip-f16", "zip-f32", "zip-masked-lm",
        "zip-no-prefix", "zip-pretraining-tied", "zip-protocol4", "zip-sharded",
    ])
    func folder(_ name: String) throws {
        try compare(Checkpoint(contentsOf: Fixture.url(name)), ExpectedTensors.read("\(name)/expected.json"))
    }

    @Test(arguments: ["layouts", "types", "state-dict", "parameters", "training-run"], ["zip", "legacy"])
    func oddTensors(_ subject: String, _ form: String) throws {
        try compare(
            Checkpoint(contentsOf: Fixture.url("odd/\(subject)-\(form).bin")),
            ExpectedTensors.read("odd/\(subject).json"))
    }

    private func compare(_ checkpoint: Checkpoint, _ expected: [ExpectedTensors.Entry]) throws {
        #expect(Set(checkpoint.entries.map(\.originalKey)) == Set(expected.map(\.name)))
        let keys = Dictionary(uniqueKeysWithValues: checkpoint.entries.map { ($0.originalKey, $0) })
        for expected in expected {
            let entry = try #require(keys[expected.name])
            #expect(entry.type.rawValue == expected.type.lowercased())
            #expect(entry.shape.dimensions == expected.shape)
            let values =
                try entry.type.isFloatingPoint
                ? checkpoint.tensor(entry.key).values.map(Double.init)
                : checkpoint.integers(entry.key).map(Double.init)
            let weighted = values.enumerated().reduce(0) { $0 + $1.element * Double($1.offset % 7 + 1) }
            let tolerance = entry.type == .f64 ? 1e-6 : 1e-12
            expectClose([values.reduce(0, +), weighted], [expected.sum, expected.weightedSum], tolerance: tolerance)
            if let all = expected.values { expectClose(values, all, tolerance: tolerance, expected.name) }
            if let first = expected.first { expectClose(Array(values.prefix(3)), first, tolerance: tolerance) }
        }
    }

    @Test func layerNormalisationsHaveTheirModernNames() throws {
        let checkpoint = try Checkpoint(contentsOf: Fixture.url("legacy-gamma-beta"))
        #expect(checkpoint["bert.embeddings.LayerNorm.weight"]?.originalKey == "bert.embeddings.LayerNorm.gamma")
        #expect(checkpoint["bert.embeddings.LayerNorm.bias"]?.originalKey == "bert.embeddings.LayerNorm.beta")
        #expect(!checkpoint.entries.contains { $0.key.hasSuffix("gamma") || $0.key.hasSuffix("beta") })
    }

    @Test func shardsAreOneCheckpoint() throws {
        let checkpoint = try Checkpoint(contentsOf: Fixture.url("zip-sharded"))
        #expect(checkpoint.fileNames == (1...3).map { "pytorch_model-0000\($0)-of-00003.bin" })
        #expect(Set(checkpoint.entries.map(\.file)) == Set(checkpoint.fileNames))
        let digests = try checkpoint.digests()
        #expect(Set(digests.keys) == Set(checkpoint.fileNames))
        #expect(digests.values.allSatisfy { $0.count == 64 })
    }
}
