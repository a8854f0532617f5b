import Foundation

/// A trigram model of characters with interpolated Kneser–Ney smoothing (Kneser and Ney 1995, in the interpolated form
/// of Chen and Goodman 1998), one discount for each order.
public struct CharacterLanguageModel: Sendable {
    /// Stands before the first character.
    private static let start: UInt64 = 0x11_0000

    /// c(u v w).
    private var trigrams = CountTable()
    /// For u v: c(u v ·), and how many different w follow.
    private var trigramHistories = CountTable()
    /// For v w: how many different u precede.
    private var bigrams = CountTable()
    /// For v: the sum over w of the number above, and how many different w follow.
    private var bigramHistories = CountTable()
    /// For w: how many different v precede.
    private var unigrams = CountTable()
    private var bigramTypes = 0.0
    /// How often each character stands there, and how often any does.
    private var characters = CountTable()
    private var characterCount = 0.0
    /// Of trigrams, bigrams and unigrams.
    private var discounts = [0.5, 0.5, 0.5]

    /// Learns from texts.
    public init(_ sample: DocumentSample) {
        for index in 0..<sample.count {
            var (u, v) = (Self.start, Self.start)
            for scalar in String(decoding: sample.utf8(index), as: UTF8.self).unicodeScalars {
                let w = UInt64(scalar.value)
                trigrams.add([1, 0], to: u << 42 | v << 21 | w)
                characters.add([1, 0], to: w)
                characterCount += 1
                (u, v) = (v, w)
            }
        }
        // Counts of counts 1 and 2, which give Ney's discount n1 / (n1 + 2 n2).
        var once = [0.0, 0.0, 0.0]
        var twice = [0.0, 0.0, 0.0]
        func note(_ order: Int, _ count: UInt32) {
            if count == 1 { once[order] += 1 }
            if count == 2 { twice[order] += 1 }
        }
        let low: UInt64 = 1 << 42 - 1
        trigrams.forEach { key, counts in
            note(0, counts[0])
            trigramHistories.add([counts[0], 1], to: key >> 21)
            bigrams.add([1, 0], to: key & low)
        }
        bigrams.forEach { key, counts in
            note(1, counts[0])
            bigramHistories.add([counts[0], 1], to: key >> 21)
            unigrams.add([1, 0], to: key & (1 << 21 - 1))
        }
        unigrams.forEach { note(2, $1[0]) }
        bigramTypes = Double(bigrams.count)
        for order in 0..<3 where once[order] > 0 {
            discounts[order] = min(0.95, max(0.05, once[order] / (once[order] + 2 * twice[order])))
        }
    }

    /// The probability of a character behind two others; nil stands for the beginning of the text.
    public func probability(of character: Unicode.Scalar, after first: Unicode.Scalar?, _ second: Unicode.Scalar?)
        -> Double
    {
        probability(
            first.map { UInt64($0.value) } ?? Self.start, second.map { UInt64($0.value) } ?? Self.start,
            UInt64(character.value))
    }

    /// exp of the mean −log probability of the characters; nil for an empty text.
    /// - Parameter utf8: valid UTF-8.
    public func perplexity(of utf8: [UInt8]) -> Double? {
        var (u, v) = (Self.start, Self.start)
        var (sum, count) = (0.0, 0.0)
        for scalar in String(decoding: utf8, as: UTF8.self).unicodeScalars {
            let w = UInt64(scalar.value)
            sum -= log(probability(u, v, w))
            count += 1
            (u, v) = (v, w)
        }
        return count == 0 ? nil : exp(sum / count)
    }

    /// Fewest times that a character must have been seen for its place to say something.
    private static let knownCount: UInt32 = 50

    /// How much better the characters are foretold by those before them than by their frequency alone: the sum over the
    /// characters that the model knows well, behind one that it knows well, of log p(w | u v) / p(w), in nats, and their
    /// number.
    ///
    /// Fluent text has about the same mean whatever it is about. Characters in an order that makes no sense have one
    /// near or below 0. Rare characters, which make a perplexity high by themselves, have no part in it.
    /// - Parameter utf8: valid UTF-8.
    public func orderGain(of utf8: [UInt8]) -> (sum: Double, count: Int) {
        var (u, v) = (Self.start, Self.start)
        var (sum, count) = (0.0, 0)
        for scalar in String(decoding: utf8, as: UTF8.self).unicodeScalars {
            let w = UInt64(scalar.value)
            let seen = characters[w][0]
            if seen >= Self.knownCount, v == Self.start || characters[v][0] >= Self.knownCount {
                sum += log(probability(u, v, w)) - log(Double(seen) / characterCount)
                count += 1
            }
            (u, v) = (v, w)
        }
        return (sum, count)
    }

    private func probability(_ u: UInt64, _ v: UInt64, _ w: UInt64) -> Double {
        // All characters never seen share one place of the vocabulary.
        var result = 1 / Double(unigrams.count + 1)
        if bigramTypes > 0 {
            let types = Double(unigrams.count)
            result =
                (max(0, Double(unigrams[w][0]) - discounts[2]) + discounts[2] * types * result) / bigramTypes
        }
        let bigramHistory = bigramHistories[v]
        if bigramHistory[0] > 0 {
            result =
                (max(0, Double(bigrams[v << 21 | w][0]) - discounts[1])
                    + discounts[1] * Double(bigramHistory[1]) * result) / Double(bigramHistory[0])
        }
        let trigramHistory = trigramHistories[u << 21 | v]
        if trigramHistory[0] > 0 {
            result =
                (max(0, Double(trigrams[u << 42 | v << 21 | w][0]) - discounts[0])
                    + discounts[0] * Double(trigramHistory[1]) * result) / Double(trigramHistory[0])
        }
        return result
    }
}
