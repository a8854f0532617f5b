import InkSupport

/// Cleans texts by rules; a document of which nothing is left is removed by the rule `empty`.
public struct CleanStage: DocumentStage {
    static let kindName = "clean"

    /// The stage in pipelines and as a command.
    public static let kind = StageKind(
        kindName, "take markup, addresses, noise and personal data out of texts, by rules and presets",
        settings: settings
    ) { settings in
        .document(try CleanStage(CleanSettings(&settings)))
    }

    public let name = CleanStage.kindName
    private let rules: [any CleaningRule]

    /// - Throws: `InputError` (`.run`) where traditional characters should be simplified and libopencc is missing.
    public init(_ settings: CleanSettings = CleanSettings()) throws { rules = try settings.makeRules() }

    public func makeWorker() -> any DocumentWorker { CleanWorker(rules) }
}

/// One thread's part of the cleaning.
///
/// The rules run in turn, again and again, until a whole turn changes nothing: what one rule takes away may bring together what
/// another looks for. So a cleaned text is never changed by cleaning it again.
private final class CleanWorker: DocumentWorker {
    /// What a rule did to one document.
    private struct Account {
        var changes = 0
        var removedBytes = 0
    }

    /// Turns after which a text is left as it is. Ordinary text needs two or three; only text made to be nested needs more.
    private static let mostTurns = 20

    private let rules: [any CleaningRule]
    private var accounts: [Account]
    private var profile = ByteProfile()
    private var edits = TextEdits()

    init(_ rules: [any CleaningRule]) {
        self.rules = rules
        accounts = Array(repeating: Account(), count: rules.count)
    }

    func process(_ document: inout Document, _ tally: inout StageTally) throws -> Verdict {
        for index in accounts.indices { accounts[index] = Account() }
        profile.read(document.utf8)
        var unchanged = 0
        var step = 0
        while unchanged < rules.count, step < Self.mostTurns * rules.count {
            let index = step % rules.count
            step += 1
            unchanged += 1
            guard rules[index].mayChange(profile) else { continue }
            edits.begin()
            try rules[index].apply(to: document.utf8, &edits)
            guard edits.changes > 0 else { continue }
            edits.finish(document.utf8)
            unchanged = 0
            take(index, &document, &tally)
        }
        for (index, account) in accounts.enumerated() where account.changes > 0 {
            tally.count(rules[index].name, changes: account.changes, removedBytes: max(0, account.removedBytes))
        }
        return document.utf8.contains { $0 > 0x20 } ? .keep : .remove(rule: "empty")
    }

    /// Counts a rule's edits and makes them the text.
    private func take(_ index: Int, _ document: inout Document, _ tally: inout StageTally) {
        let name = rules[index].name
        if accounts[index].changes == 0, let first = edits.first, tally.wantsExample(name, id: document.id) {
            tally.example(
                name, id: document.id, before: Excerpt.around(first.before, in: document.utf8),
                after: Excerpt.around(first.after, in: edits.output))
        }
        accounts[index].changes += edits.changes
        accounts[index].removedBytes += document.utf8.count - edits.output.count
        edits.swapOutput(&document.utf8)
        if edits.hasInserted { profile.read(document.utf8) }
    }
}

/// The surroundings of a place in a text, for examples in reports.
enum Excerpt {
    /// About 20 Chinese characters on each side.
    private static let context = 60
    /// A long place is cut in its middle.
    private static let longest = 240

    static func around(_ place: Range<Int>, in text: [UInt8]) -> String {
        let lower = boundary(max(0, place.lowerBound - context), text)
        let upper = boundary(min(text.count, place.upperBound + context), text)
        let start = lower > 0 ? "…" : ""
        let end = upper < text.count ? "…" : ""
        guard upper - lower > longest else { return start + string(text, lower..<upper) + end }
        let cut = boundary(lower + longest / 2, text)
        let resume = boundary(upper - longest / 2, text)
        return start + string(text, lower..<cut) + " … " + string(text, resume..<upper) + end
    }

    private static func boundary(_ place: Int, _ text: [UInt8]) -> Int {
        var place = place
        while place > 0, place < text.count, text[place] & 0xC0 == 0x80 { place -= 1 }
        return place
    }

    private static func string(_ text: [UInt8], _ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self)
    }
}
