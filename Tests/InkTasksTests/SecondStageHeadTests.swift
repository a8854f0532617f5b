import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTensor
import InkTestSupport
import Testing

/// Fine-tuning from a folder that was fine-tuned before.
@Suite struct SecondStageHeadTests {
    /// The settings of a second run in `folder` from the first one's output that changes nothing, with other classes.
    private static func second(_ first: FineTuningSettings, _ name: String, _ labels: [String]) throws
        -> FineTuningSettings
    {
        var settings = first
        let folder = first.output.deletingLastPathComponent()
        settings.model = .folder(first.output)
        settings.output = folder.appending(path: name)
        settings.labels = folder.appending(path: name + ".txt")
        try Data(labels.map { $0 + "\n" }.joined().utf8).write(to: folder.appending(path: name + ".txt"))
        settings.epochs = 1
        settings.learningRate = 0
        return settings
    }

    private static func head(_ folder: URL) throws -> (weight: [[Float]], bias: [Float]) {
        let weights = try Checkpoint(contentsOf: folder.appending(path: "model.safetensors"))
        let weight = try weights.tensor("classifier.weight")
        return ((0..<weight.rows).map { weight.row($0) }, try weights.tensor("classifier.bias").values)
    }

    @Test func rowsFollowTheNamesOfTheClasses() throws {
        try withTemporaryFolder { folder in
            let first = try TinyModel.settings(in: folder)
            let trained = try #require(try FineTuning(first).run())
            let old = try Self.head(first.output)
            let names = TinyModel.labels

            let turned = try Self.second(first, "turned", [names[2], names[0], names[1]])
            let tuning = try FineTuning(turned)
            #expect(tuning.warnings.contains { $0.contains("the same classes in another order") })
            let result = try #require(try tuning.run())
            #expect(result.dev.metrics["accuracy"] == trained.dev.metrics["accuracy"])
            let new = try Self.head(turned.output)
            #expect(new.weight == [old.weight[2], old.weight[0], old.weight[1]])
            #expect(new.bias == [old.bias[2], old.bias[0], old.bias[1]])

            // One class is new; the others keep their rows.
            var grown = try Self.second(first, "grown", [names[1], "其他", names[0], names[2]])
            let growing = try FineTuning(grown)
            #expect(growing.warnings.contains { $0.contains("knows 3 of the 4 classes") && $0.contains("其他") })
            _ = try growing.run()
            let more = try Self.head(grown.output)
            #expect([0, 2, 3].map { more.weight[$0] } == [1, 0, 2].map { old.weight[$0] })
            #expect(!old.weight.contains(more.weight[1]))
            #expect(more.weight[1].contains { $0 != 0 } && more.bias[1] == 0)

            // Classes that are left out are told.
            grown.model = .folder(grown.output)
            grown.output = folder.appending(path: "shrunk")
            grown.labels = first.labels
            #expect(
                try FineTuning(grown).warnings.contains {
                    $0.contains("knows 3 of the 3 classes") && $0.contains("left out: 其他")
                })
        }
    }

    @Test func tagsKeepTheirRowsToo() throws {
        try withTemporaryFolder { folder in
            let data = "王\tB-PER\n莉\tI-PER\n在\tO\n杭\tB-LOC\n州\tI-LOC\n"
            var first = try TinyTaskRun.settings(in: folder, .tagging, train: data, extension: ".conll")
            first.epochs = 2
            _ = try FineTuning(first).run()
            let second = try Self.second(first, "turned", ["I-PER", "O", "B-LOC", "I-LOC", "B-PER"])
            _ = try FineTuning(second).run()
            let (old, new) = (try Self.head(first.output), try Self.head(second.output))
            #expect(new.weight == [4, 0, 1, 2, 3].map { old.weight[$0] })
        }
    }

    @Test func aNewHeadIsNotWhatTheFirstRunBeganWith() throws {
        try withTemporaryFolder { folder in
            var first = try TinyModel.settings(in: folder)
            first.epochs = 1
            first.learningRate = 0
            _ = try FineTuning(first).run()
            let began = try Self.head(first.output)
            // A run from a folder without a head begins as ever: with the numbers of the seed and the tensor's name.
            var random = RandomNumbers(seed: 1, named: "classifier.weight")
            #expect(began.weight.flatMap { $0 } == random.normal(count: 72, deviation: 0.02))

            try Data(
                TinyModel.tsv(.train, 48).replacing(TinyModel.labels[0], with: "甲").replacing(
                    TinyModel.labels[1], with: "乙"
                ).replacing(TinyModel.labels[2], with: "丙").utf8
            ).write(to: folder.appending(path: "renamed.tsv"))
            var other = try Self.second(first, "other", ["甲", "乙", "丙"])
            other.train = folder.appending(path: "renamed.tsv")
            other.dev = other.train
            let tuning = try FineTuning(other)
            #expect(tuning.warnings.contains { $0.contains("is for other classes; a new one") })
            #expect(tuning.account.new.map(\.key).sorted() == ["classifier.bias", "classifier.weight"])
            _ = try tuning.run()
            let new = try Self.head(other.output)
            #expect(Set(new.weight).isDisjoint(with: began.weight))
            // The same run again begins alike.
            other.output = folder.appending(path: "again")
            _ = try FineTuning(other).run()
            #expect(try Self.head(other.output).weight == new.weight)
        }
    }

    @Test func namesThatContradictAreRefused() throws {
        try withTemporaryFolder { folder in
            let settings = try TinyModel.settings(in: folder)
            _ = try FineTuning(settings).run()
            let file = try ModelConfigFile(contentsOf: settings.output)
            func classify(_ names: JSONValue?) throws -> [String] {
                var changed = file
                changed.set("id2label", names)
                try Data(changed.text.utf8).write(to: settings.output.appending(path: "config.json"))
                return try TextClassifier(contentsOf: settings.output).labels
            }
            let names = TinyModel.labels
            func object(_ names: [String]) -> JSONValue {
                var object = JSONObject()
                for (id, name) in names.enumerated() { object["\(id)"] = .string(name) }
                return .object(object)
            }
            #expect(try classify(object(names)) == names)
            // Without a field the names are those of inkstone.json.
            #expect(try classify(nil) == names)
            for (wrong, problem) in [
                (JSONValue.array(names.map { .string($0) }), "has the wrong type"),
                (.string("甲"), "has the wrong type"),
                (object(names.reversed()), "contradicts inkstone.json"),
                (object(Array(names.prefix(2))), "contradicts"),
                (.object(JSONObject()), "contradicts"),
            ] {
                let error = try #require(throws: InputError.self) { try classify(wrong) }
                #expect(error.location.hasSuffix("config.json: id2label"))
                #expect(error.problem.contains(problem), "\(error)")
                #expect(error.remedy?.contains("inkstone.json") == true)
            }
        }
    }
}
