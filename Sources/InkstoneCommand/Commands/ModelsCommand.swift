import ArgumentParser
import InkModels
import InkSupport

/// `inkstone models`: which architectures can be opened.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List the architectures whose published weights can be opened.",
        discussion: """
            A model folder is opened by the model_type in its config.json; the weights are checked against it.

            Example:
              inkstone models
            """)

    @Flag(name: .long, help: "A JSON array, one object for each architecture.")
    var json = false

    func run() throws {
        let results = ResultWriter()
        try results.write(json ? Self.json.serialized() + "\n" : Self.text)
        try results.flush()
    }

    private static var text: String {
        ModelFamily.all.map { family in
            var table = TextTable()
            table.append([family.name, "model_type \"\(family.modelType)\""])
            table.append(["", family.special])
            table.append(["", "such as \(family.examples.joined(separator: ", "))"])
            return table.text
        }.joined(separator: "\n")
    }

    private static var json: JSON {
        .array(
            ModelFamily.all.map { family in
                .record([
                    "name": .string(family.name), "modelType": .string(family.modelType),
                    "special": .string(family.special), "examples": .strings(family.examples),
                ])
            })
    }
}
