import ArgumentParser
import Foundation

/// `--model DIR`.
struct ModelFolderOption: ParsableArguments {
    @Option(
        name: [.long, .short],
        help: ArgumentHelp("A model folder: config.json, weights, the tokenizer's files.", valueName: "dir"))
    var model: String

    var url: URL { URL(filePath: model, directoryHint: .isDirectory) }
}
