import Foundation
import InkSupport
import InkTasks
import InkTestSupport
import Testing

/// A line that is something else than a question is refused, never read as one.
@Suite("The form of questions")
struct QuestionFormTests {
    private func refusal(_ folder: URL, _ line: String, tab: TabMeaning? = nil) throws -> InputError {
        try #require(throws: InputError.self) { try TinyTask.answers(folder, ["国足", line], tab: tab) }
    }

    @Test func linesOfALabelledFile() throws {
        try withTemporaryFolder { folder in
            let settings = try TinyModel.settings(in: folder, train: 12, dev: 6)
            _ = try FineTuning(settings).run()
            let label = TinyModel.labels[1]
            let tabbed = try refusal(settings.output, "国足再次出线\t\(label)")
            #expect(tabbed.location == "line 2" && tabbed.problem.contains("tab"))
            #expect(tabbed.remedy?.contains("\"\(label)\" is a class") == true)
            #expect(tabbed.remedy?.contains("evaluate") == true && tabbed.remedy?.contains("cut -f1") == true)
            #expect(try refusal(settings.output, "text,label").problem.contains("header"))
            #expect(try refusal(settings.output, #"{"body": "国足"}"#).problem.contains("no text"))
            let broken = try refusal(settings.output, #"{"text": "国足",}"#)
            #expect(broken.location == "line 2" && broken.description.contains("comma"), "\(broken)")
            #expect(try TinyTask.answers(settings.output, ["{国足} 出线"]).count == 1)

            // Who says that a tab is white space gets the answer to that.
            let answers = try TinyTask.answers(settings.output, ["国足\t出线", "国足 出线"], tab: .space)
            #expect(answers[0] as? Classification == answers[1] as? Classification)
            #expect(try refusal(settings.output, "国足", tab: .pair).kind == .usage)
        }
    }

    /// Of a folder of another maker nobody knows whether it is about pairs.
    @Test func foldersThatDoNotSay() throws {
        try withTemporaryFolder { folder in
            let settings = try TinyModel.settings(in: folder, train: 12, dev: 6)
            _ = try FineTuning(settings).run()
            try FileManager.default.removeItem(at: settings.output.appending(path: RunDescription.fileName))
            let error = try refusal(settings.output, "国足\t出线")
            #expect(error.remedy?.contains("--tab pair") == true && error.remedy?.contains("--tab space") == true)
            let pair = try TinyTask.answers(settings.output, ["国足\t出线"], tab: .pair)
            let named = try TinyTask.answers(settings.output, [#"{"sentence1": "国足", "sentence2": "出线"}"#])
            #expect(pair[0] as? Classification == named[0] as? Classification)
            let single = try TinyTask.answers(settings.output, ["国足\t出线"], tab: .space)
            #expect(pair[0] as? Classification != single[0] as? Classification)
            let plain = try TinyTask.answers(settings.output, ["国足出线"])
            #expect(plain.count == 1)
        }
    }

    @Test func taggersReadTexts() throws {
        try withTemporaryFolder { folder in
            let settings = try TinyTaskRun.trainedTagger(in: folder)
            for line in ["国 B-TEAM", "国\tB-TEAM", #"{"body": "国足"}"#] {
                #expect(try refusal(settings.output, line).location == "line 2", "\(line)")
            }
            let answers = try TinyTask.answers(settings.output, ["国足再次", #"{"text": "国足再次"}"#, "国足 出线"])
            #expect(answers[0] as? TaggedText == answers[1] as? TaggedText)
        }
    }

    @Test func pairsWithALabelBehindThem() throws {
        try withTemporaryFolder { folder in
            let train = (0..<4).map { "国足\t球队\t\($0 % 2)\n" }.joined()
            var settings = try TinyTaskRun.settings(in: folder, .similarity, train: train, extension: ".tsv")
            settings.epochs = 1
            _ = try FineTuning(settings).run()
            let error = try #require(throws: InputError.self) {
                try TinyTask.answers(settings.output, ["国足\t球队\t1"])
            }
            #expect(error.found == "3 fields" && error.remedy?.contains("cut -f1,2") == true)
            let answers = try TinyTask.answers(
                settings.output, ["国足\t球队", #"{"sentence1": "国足", "sentence2": "球队"}"#])
            #expect(answers[0].columns == answers[1].columns)
        }
    }
}
