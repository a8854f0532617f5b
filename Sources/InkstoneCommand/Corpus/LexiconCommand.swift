import ArgumentParser

/// `inkstone lexicon`: the words and phrases of a corpus.
struct LexiconCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lexicon",
        abstract: "Find the words and phrases of a corpus, in the dictionary format of jieba.",
        subcommands: [LexiconBuildCommand.self, LexiconShowCommand.self])
}
