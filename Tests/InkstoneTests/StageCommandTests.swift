import Foundation
import InkTestSupport
import Testing

/// The stages of a corpus as commands.
@Suite("Stage commands")
struct StageCommandTests {
    private static let texts = "山上有一座小庙。\n山上有一座小庙。\n庙里住着三个和尚。\n"

    @Test("A stage that writes no documents writes its report")
    func readingStages() throws {
        let table = try Program.run("corpus", "stats", "--stdin", "--format", "lines", input: Self.texts)
        #expect(table.code == 0)
        #expect(table.lines.contains { $0.hasPrefix("  documents") && $0.hasSuffix(" 3") })
        let json = try Program.run("corpus", "stats", "--stdin", "--format", "lines", "--json", input: Self.texts)
        let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(value?.first?["documentsIn"] as? Int == 3)
    }

    @Test("A pipe gets documents and nothing else")
    func pipes() throws {
        for stage in [["clean"], ["dedup"], ["sample", "--share", "1"]] {
            let run = try Program.run(
                ["corpus"] + stage + ["--stdin", "--format", "lines", "--output-format", "lines"], input: Self.texts)
            #expect(run.code == 0 && run.errors.isEmpty, "\(stage): \(run.errors)")
            #expect(run.lines.count == (stage == ["dedup"] ? 2 : 3), "\(stage)")
        }
    }

    @Test("A seed that is none is refused")
    func seeds() throws {
        let run = try Program.run("corpus", "sample", "--stdin", "--share", "1", "--seed=-1", input: "")
        #expect(run.code == 2 && run.errors.contains("--seed"))
    }

    @Test("Help names the settings")
    func help() throws {
        let stage = try Program.run("corpus", "sample", "--help")
        #expect(stage.output.contains("--share 0 to 1") && stage.output.contains("the share that is taken"))
        #expect(try Program.run("corpus", "stages").output.contains("  share 0 to 1"))
        let wrong = try Program.run("corpus", "sample", "--stdin", "--shares", "0.5", input: "")
        #expect(wrong.code == 2 && wrong.errors.contains("did you mean share?"))
    }
}
