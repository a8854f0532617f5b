import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct StageKindTests {
    /// Settings that make a stage read all that it knows, some at a time where they exclude each other.
    private static func examples(_ name: String) -> [JSONObject] {
        switch name {
        case "dedup": ["exact", "near", "lines"].map { JSONObject(["method": .string($0)]) }
        case "score": [JSONObject(["model": .string("/none")])]
        case "sample": [JSONObject(["documents": .integer(1)])]
        case "mix": [JSONObject(["weights": .record(["a": .integer(1)]), "documents": .integer(1)])]
        case "contamination": [JSONObject(["evaluation": .array([.string("/none")])])]
        case "shard": [JSONObject(["tokenizer": .string("/none"), "folder": .string("/none")])]
        default: [JSONObject()]
        }
    }

    @Test(arguments: StageKind.all.map(\.name))
    func helpNamesWhatTheStageReads(_ name: String) throws {
        let kind = try StageKind.named(name, at: "test")
        var known: Set<String> = []
        for example in Self.examples(name) {
            var settings = StageSettings(example, location: "test")
            _ = try? kind.make(&settings)
            known.formUnion(settings.known)
        }
        #expect(known == Set(kind.settings.map(\.name)))
    }

    @Test func summariesAreLowerCaseLines() {
        for kind in StageKind.all {
            #expect(kind.summary.first?.isLowercase == true && !kind.summary.hasSuffix("."), "\(kind.name)")
        }
    }
}
