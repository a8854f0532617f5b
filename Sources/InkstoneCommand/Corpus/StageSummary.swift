import InkCorpus
import InkSupport

/// What the stages did, for the terminal.
enum StageSummary {
    /// The rules of each stage that did something, the busiest first; or all of it as JSON.
    static func write(_ reports: [StageReport], json: Bool, to results: ResultWriter) throws {
        if json {
            try results.line(JSONValue.array(reports.map(\.json)).line)
            return try results.flush()
        }
        try results.write(CorpusReport(name: "corpus", stages: reports).text)
        try results.flush()
    }
}
