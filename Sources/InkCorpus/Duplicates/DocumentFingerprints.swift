import InkSupport

/// Fingerprints under which documents count as the same.
enum DocumentFingerprints {
    /// The whole text.
    static func exact(_ utf8: ArraySlice<UInt8>) -> Fingerprint {
        Fingerprint(high: Hash64.of(utf8, seed: 1), low: Hash64.of(utf8, seed: 2))
    }

    /// The sum of the MD5 digests of the three longest sentences (ERNIE 3.0, section 3.2.3), as 128-bit numbers without
    /// the carry. Of sentences with the same number of characters the smallest in byte order count, so that
    /// the order of sentences does not matter.
    static func longestSentences(_ utf8: [UInt8]) -> Fingerprint {
        let sentences = SentenceSplitter.ranges(in: utf8).map { range in
            (range, Scalars.count(in: utf8[range]))
        }
        let longest = sentences.sorted { left, right in
            left.1 != right.1 ? left.1 > right.1 : utf8[left.0].lexicographicallyPrecedes(utf8[right.0])
        }
        var sum = Fingerprint(high: 0, low: 0)
        for (range, _) in longest.prefix(3) {
            let digest = MD5.digest(of: utf8[range])
            let high = digest[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let (low, carry) = sum.low.addingReportingOverflow(digest[8...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
            sum = Fingerprint(high: sum.high &+ high &+ (carry ? 1 : 0), low: low)
        }
        return sum
    }
}
