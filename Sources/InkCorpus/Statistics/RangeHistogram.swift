import Foundation
import InkSupport

/// A histogram of numbers whose range nobody knows beforehand, in at most 20 buckets of a width that is a power of two.
///
/// The width starts small and doubles as the range grows. It depends on the least and the greatest number alone, so the
/// same numbers give the same histogram in any order and however they were split.
struct RangeHistogram: Sendable, Hashable {
    static let bucketLimit = 20
    /// Numbers of greater size are counted as this, so that buckets stay within 64 bits.
    private static let largest = 0x1p40
    private static let finest = -20

    private(set) var count = 0
    private(set) var sum = 0.0
    private(set) var least = Double.infinity
    private(set) var greatest = -Double.infinity
    /// The width of a bucket is two to this power.
    private var exponent = RangeHistogram.finest
    private var buckets: [Int: Int] = [:]

    /// The width of a bucket.
    var width: Double { exp2(Double(exponent)) }

    mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        count += 1
        sum += value
        (least, greatest) = (min(least, value), max(greatest, value))
        fit()
        buckets[Self.bucket(value, exponent), default: 0] += 1
    }

    mutating func merge(_ other: RangeHistogram) {
        count += other.count
        sum += other.sum
        (least, greatest) = (min(least, other.least), max(greatest, other.greatest))
        fit()
        for (bucket, number) in other.buckets {
            buckets[bucket >> (exponent - other.exponent), default: 0] += number
        }
    }

    /// Each bucket's number, which times the width is its lower end, and its count; rising, without gaps.
    var bars: [(bucket: Int, count: Int)] {
        guard let first = buckets.keys.min(), let last = buckets.keys.max() else { return [] }
        return (first...last).map { ($0, buckets[$0] ?? 0) }
    }

    var json: JSONValue {
        .record([
            "count": .integer(count), "mean": count > 0 ? .float(sum / Double(count)) : nil,
            "least": .float(least), "greatest": .float(greatest), "width": .float(width),
            "buckets": .array(bars.map { .integers([$0.bucket, $0.count]) }),
        ])
    }

    /// Widens the buckets until the range has room.
    private mutating func fit() {
        guard count > 0 else { return }
        let old = exponent
        while Self.bucket(greatest, exponent) - Self.bucket(least, exponent) >= Self.bucketLimit { exponent += 1 }
        guard exponent > old else { return }
        var wider: [Int: Int] = [:]
        for (bucket, number) in buckets { wider[bucket >> (exponent - old), default: 0] += number }
        buckets = wider
    }

    private static func bucket(_ value: Double, _ exponent: Int) -> Int {
        Int((min(max(value, -largest), largest) / exp2(Double(exponent))).rounded(.down))
    }
}
