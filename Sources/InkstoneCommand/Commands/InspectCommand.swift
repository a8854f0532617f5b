import ArgumentParser
import Foundation

/// `inkstone inspect`: what a model folder holds and what would become of it.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a model folder holds and what would be loaded from it.",
        discussion: """
            Architecture, number of parameters, every tensor, what an encoder with a classifier would load, start new \
            or ignore, vocabulary, and SHA-256 of the weight files. The exit code is 3 when the folder cannot be \
            loaded; what could be read is shown all the same.

            Example:
              inkstone inspect models/ernie-3.0-base-zh
            """)

    @Argument(help: ArgumentHelp("A model folder.", valueName: "dir"))
    var folder: String

    @Flag(name: .long, help: "One JSON object.")
    var json = false

    func run() throws {
        let inspection = Inspection(URL(filePath: folder, directoryHint: .isDirectory))
        let results = ResultWriter()
        try results.write(json ? inspection.json.serialized() + "\n" : inspection.text)
        try results.flush()
        if let problem = inspection.firstProblem { throw problem }
    }
}
