import Foundation
import InkSupport

extension WordBoundaryModel {
    /// Counts of states, of their sequence, and of letters in them.
    private struct Counts {
        var start = [Double](repeating: 0, count: 4)
        var transition = [[Double]](repeating: [0, 0, 0, 0], count: 4)
        var emission = [[Unicode.Scalar: Double]](repeating: [:], count: 4)

        /// Counts the letters of a word and the steps inside it.
        mutating func add(_ word: some Collection<Unicode.Scalar>, times: Double) {
            var before: State?
            for (index, letter) in word.enumerated() {
                let state = Counts.state(index, of: word.count)
                emission[state.rawValue][letter, default: 0] += times
                if let before { transition[before.rawValue][state.rawValue] += times }
                before = state
            }
        }

        static func state(_ index: Int, of count: Int) -> State {
            if count == 1 { return .single }
            return index == 0 ? .begin : index == count - 1 ? .end : .middle
        }

        var model: WordBoundaryModel {
            func logs<Key>(_ counts: [Key: Double]) -> [Key: Double] {
                let sum = counts.values.sorted().reduce(0, +)
                return counts.filter { $0.value > 0 }.mapValues { log($0 / sum) }
            }
            func byState(_ counts: [Double]) -> [State: Double] {
                logs(Dictionary(uniqueKeysWithValues: State.allCases.map { ($0, counts[$0.rawValue]) }))
            }
            var transitions: [State: [State: Double]] = [:]
            var emissions: [State: [Unicode.Scalar: Double]] = [:]
            for state in State.allCases {
                transitions[state] = byState(transition[state.rawValue])
                emissions[state] = logs(emission[state.rawValue])
            }
            return WordBoundaryModel(start: byState(start), transition: transitions, emission: emissions)
        }
    }

    /// Estimates a model from the words of a dictionary, each counted as often as its frequency says.
    ///
    /// A dictionary does not tell which words follow each other: behind a word's end the next one is taken to be a
    /// single letter, or longer, as often as such words are in all. Only words of ideographs count.
    /// - Throws: `InputError` when the dictionary has no word of ideographs of at least two letters.
    public init(estimatedFrom dictionary: WordDictionary) throws {
        var counts = Counts()
        for entry in dictionary.entries where entry.frequency > 0 && entry.word.unicodeScalars.allSatisfy(Self.isHan) {
            let times = Double(entry.frequency)
            counts.add(entry.word.unicodeScalars, times: times)
            counts.start[(entry.word.unicodeScalars.count == 1 ? State.single : .begin).rawValue] += times
        }
        for state in [State.end, .single] { counts.transition[state.rawValue] = counts.start }
        self = try Self.checked(counts, dictionary.location, remedy: "Name a dictionary of Chinese words.")
    }

    /// Estimates a model from segmented text: a text for each line, words separated by white space. Letters that are no
    /// ideographs end what stands before them.
    /// - Throws: `InputError` naming the line that is not UTF-8; when there is no word of at least two ideographs.
    public init(estimatedFromSegmentedText file: URL) throws {
        let reader = try LineReader(contentsOf: file)
        var counts = Counts()
        while let line = try reader.next() {
            var before: State?
            for word in line.text.split(whereSeparator: \.isWhitespace) {
                guard word.unicodeScalars.allSatisfy(Self.isHan) else {
                    before = nil
                    continue
                }
                counts.add(word.unicodeScalars, times: 1)
                let (first, last) = word.unicodeScalars.count == 1 ? (State.single, State.single) : (.begin, .end)
                if let before {
                    counts.transition[before.rawValue][first.rawValue] += 1
                } else {
                    counts.start[first.rawValue] += 1
                }
                before = last
            }
        }
        self = try Self.checked(
            counts, reader.name, remedy: "Give lines of Chinese words with a space between each two.")
    }

    private static func isHan(_ letter: Unicode.Scalar) -> Bool { SegmentLetter.kind(of: letter, .all) == .ideograph }

    private static func checked(_ counts: Counts, _ location: String, remedy: String) throws -> Self {
        guard !counts.emission[State.begin.rawValue].isEmpty else {
            throw InputError(
                at: location, "no words to estimate word boundaries from", expected: "words of two or more ideographs",
                remedy: remedy)
        }
        return counts.model
    }
}
