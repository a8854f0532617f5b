import Foundation
import InkTasks
import InkTensor
import Testing

@Suite struct TagDecoderTests {
    /// All sequences are tried; those that break the scheme are left out.
    @Test(arguments: TagScheme.allCases)
    func findsTheBestSequenceThatKeepsToTheScheme(_ scheme: TagScheme) throws {
        let tags = scheme.tagNames(types: scheme == .bio ? ["LOC", "PER"] : ["PER"]).compactMap(TagScheme.Tag.init)
        let decoder = TagDecoder(tags)
        var random = RandomNumbers(seed: 4, named: "scores")
        for count in 1...4 {
            var changed = 0
            for _ in 0..<20 {
                let scores = random.normal(count: count * tags.count, deviation: 2)
                var best: (score: Float, path: [Int]) = (-.infinity, [])
                let sequences = (0..<count).reduce(1) { product, _ in product * tags.count }
                for number in 0..<sequences {
                    var rest = number
                    let path = (0..<count).map { _ in
                        defer { rest /= tags.count }
                        return rest % tags.count
                    }
                    guard scheme.breaks(in: path.map { tags[$0] }).isEmpty else { continue }
                    let score = path.enumerated().reduce(Float(0)) { $0 + scores[$1.offset * tags.count + $1.element] }
                    if score > best.score { best = (score, path) }
                }
                #expect(decoder.decode(scores) == best.path)
                let tops = (0..<count).map { row in
                    tags.indices.max { scores[row * tags.count + $0] < scores[row * tags.count + $1] } ?? 0
                }
                if tops != best.path { changed += 1 }
            }
            #expect(changed > 0, "the best tag of each token alone was always allowed")
        }
    }

    /// Labels of other makers without `B-`, or without `E-`: the rules they cannot keep do not hold.
    @Test func labelsDecideWhichRulesHold() {
        func decode(_ names: [String], _ wanted: [Int]) -> [Int] {
            let scores = wanted.flatMap { best in names.indices.map { $0 == best ? Float(0) : -5 } }
            return TagDecoder(names.map { TagScheme.Tag($0) ?? .outside }).decode(scores)
        }
        #expect(decode(["O", "I-PER"], [0, 1, 1, 0]) == [0, 1, 1, 0])
        #expect(decode(["O", "B-PER", "I-PER", "S-PER"], [1, 2, 0, 3, 1]) == [1, 2, 0, 3, 1])
        // An I- after O: the text is read with one tag less sure.
        #expect(decode(["O", "B-PER", "I-PER"], [0, 2, 2]) != [0, 2, 2])
        #expect(decode(["O", "E-PER"], []) == [])
    }
}
