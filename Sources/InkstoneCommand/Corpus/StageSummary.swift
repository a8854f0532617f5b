import InkCorpus
import InkSupport

/// What the stages did, for the terminal.
enum StageSummary {
    /// The rules of each stage that did something, the busiest first; or all of it as JSON. Warnings go to standard
    /// error.
    static func write(_ reports: [StageReport], json: Bool, to results: ResultWriter) throws {
        let report = CorpusReport(name: "corpus", stages: reports)
        if json {
            try results.line(JSONValue.array(reports.map(\.json)).line)
        } else {
            try results.write(report.tables)
        }
        try results.flush()
        report.warnings.forEach(Note.write)
    }
}
