import Foundation
import InkSupport
import InkTasks
import InkTestSupport
import Testing

/// Labels of data files that are none of the classes.
@Suite struct UnknownLabelTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func numbersThatAreNoNamesAreRefusedWithALook() throws {
        let grades = try LabelSet(names: ["1", "2", "3"])
        let codes = try LabelSet(names: ["001", "002"])
        for (labels, file, contents, hint) in [
            (grades, "g.tsv", "天晴\t2\n下雨\t0\n", "add it to the list"),
            (
                grades, "g.jsonl", #"{"text": "天晴", "label": "2"}"# + "\n" + #"{"text": "下雨", "label": 4}"#,
                "add it to the list"
            ),
            (codes, "c.csv", "text,label\n天晴,1\n", "the list has \"001\""),
            (grades, "f.csv", "text,label\n天晴,2.0\n", "the list has \"2\""),
            (try LabelSet(names: ["Ａ类", "B类"]), "w.tsv", "天晴\tA类\n", "the list has \"Ａ类\": write"),
        ] {
            let url = try folder.file(file, contents)
            let error = try #require(throws: InputError.self) {
                try LabelledTextReader().readData(contentsOf: url, labels: labels)
            }
            #expect(error.location.hasSuffix(":2") || !contents.contains("下雨") && error.location.contains(file))
            #expect(error.problem == "the label is not in the list")
            #expect(error.expected?.contains("one of: \(labels.names[0])") == true)
            #expect(error.remedy?.contains(hint) == true, "\(error)")
        }
    }

    @Test func everyTaskWithLabelsRefusesThem() throws {
        try withTemporaryFolder { folder in
            let typing = { (label: String) in #"{"text": "他去<e>厦门</e>", "labels": ["\#(label)"]}"# + "\n" }
            let relation = { (label: String) in #"{"text": "<e1>厦门</e1>在<e2>福建</e2>", "label": "\#(label)"}"# + "\n" }
            let multi = { (label: String) in "房间干净\t\(label)\n" }
            let cases: [(TaskName, (String) -> String, String)] = [
                (.typing, typing, ".jsonl"), (.relation, relation, ".jsonl"), (.multiLabel, multi, ".tsv"),
            ]
            for (task, record, name) in cases {
                let here = folder.appending(path: task.rawValue)
                try FileManager.default.createDirectory(at: here, withIntermediateDirectories: true)
                var settings = try TinyTaskRun.settings(
                    in: here, task, train: record("3") + record("4"), dev: record("3") + record("1"), extension: name)
                let error = try #require(throws: InputError.self) { try FineTuning(settings) }
                #expect(error.location.hasSuffix("dev\(name):2"), "\(error)")
                #expect(error.expected == "one of: 3, 4")
                settings.labels = here.appending(path: "labels.txt")
                try Data("晴\n雨\n".utf8).write(to: here.appending(path: "labels.txt"))
                // Among words a number is an id, but only one of theirs.
                try Data((record("0") + record("雨")).utf8).write(to: settings.train)
                try Data((record("1") + record("2")).utf8).write(to: settings.dev)
                let outside = try #require(throws: InputError.self) { try FineTuning(settings) }
                #expect(outside.location.hasSuffix("dev\(name):2"), "\(outside)")
                #expect(outside.expected == "an id 0…1 or one of: 晴, 雨")
            }
        }
    }

    @Test func labelsOfOneSideAreTold() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .tagging, train: "王\tB-PER\n莉\tI-PER\n\n杭\tB-LOC\n州\tI-LOC\n",
                dev: "王\tB-PER\n莉\tI-PER\n\n海\tB-ORG\n关\tI-ORG\n", extension: ".conll")
            settings.labels = folder.appending(path: "types.txt")
            try Data("LOC\nPER\nORG\n".utf8).write(to: folder.appending(path: "types.txt"))
            let warnings = try FineTuning(settings).warnings
            #expect(
                warnings.contains(
                    "dev.conll: labels of the training file that stand nowhere here: 1 of 2, not measured: LOC"))
            #expect(
                warnings.contains("dev.conll: labels without a training example: ORG, in 1 examples, the first \"海关\""))
            #expect(warnings.contains("train.conll: no training text has a span of ORG"))
        }
    }
}
