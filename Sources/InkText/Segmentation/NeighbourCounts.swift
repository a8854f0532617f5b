import Foundation

/// Counts of rows of up to five letter codes, from which the counts of all shorter rows and of what stands behind them
/// can be read. Memory stays bounded: beyond `limit` different rows the rarest are forgotten.
struct NeighbourCounts {
    /// Codes are below this; five of them fit into 64 bits as digits of one number.
    static let radix: UInt64 = 7000
    private static let powers = [4, 3, 2, 1, 0].map { (0..<$0).reduce(1) { power, _ in power * radix } }
    private static let bufferSize = 1 << 22

    private let limit: Int
    /// Rows not yet counted.
    private var buffer: [UInt64] = []
    /// Different rows, rising, with their counts.
    private var rows: [UInt64] = []
    private var counts: [UInt32] = []
    private var forgottenCount: UInt32 = 0

    init(limit: Int) { self.limit = limit }

    /// Adds the row at each place of a run of codes: the letter there and the four behind it, 0 behind the run's end.
    mutating func add(_ run: some BidirectionalCollection<UInt64>) {
        var row: UInt64 = 0
        for code in run.reversed() {
            row = code * Self.powers[0] + row / Self.radix
            buffer.append(row)
        }
        if buffer.count >= Self.bufferSize { settle() }
    }

    /// Bytes that adding some megabytes of text may ask for at once: a longer buffer, or new rows beside the old.
    var growthBytes: Int { max(16 * max(buffer.capacity, 1 << 16), 12 * (rows.count + buffer.count)) }

    /// Sorts the buffer into the rows.
    private mutating func settle() {
        buffer.sort()
        var (newRows, newCounts): ([UInt64], [UInt32]) = ([], [])
        newRows.reserveCapacity(rows.count + buffer.count / 2)
        newCounts.reserveCapacity(rows.count + buffer.count / 2)
        var (old, new) = (0, 0)
        while old < rows.count || new < buffer.count {
            let row = min(old < rows.count ? rows[old] : .max, new < buffer.count ? buffer[new] : .max)
            var count: UInt32 = 0
            if old < rows.count, rows[old] == row {
                count = counts[old]
                old += 1
            }
            while new < buffer.count, buffer[new] == row {
                if count < .max { count += 1 }
                new += 1
            }
            newRows.append(row)
            newCounts.append(count)
        }
        buffer.removeAll(keepingCapacity: true)
        (rows, counts) = (newRows, newCounts)
        while rows.count > limit { forgetRarest() }
    }

    private mutating func forgetRarest() {
        forgottenCount += 1
        var kept = 0
        for index in rows.indices where counts[index] > forgottenCount {
            (rows[kept], counts[kept]) = (rows[index], counts[index])
            kept += 1
        }
        rows.removeSubrange(kept...)
        counts.removeSubrange(kept...)
    }

    /// What is known of a row of one to four letters.
    struct Group {
        /// The letters' codes as digits, then zeros.
        var row: UInt64
        var length: Int
        var count = 0
        /// Sum of c·log c over the counts of the different letters behind it; each end of a run is one of its own.
        var weightedLogs = 0.0

        /// The entropy of the letter behind the row, in nats.
        var entropy: Double { log(Double(count)) - weightedLogs / Double(count) }
    }

    /// Calls `body` for every row of one to four letters.
    mutating func forEachGroup(_ body: (Group) -> Void) {
        settle()
        // groups[n] is the group of the first n + 1 letters of the last row; the fifth letter only feeds the fourth's.
        var groups: [Group] = []
        func close(to length: Int) {
            while groups.count > length {
                let group = groups.removeLast()
                if group.length < 5 { body(group) }
                if !groups.isEmpty {
                    groups[groups.count - 1].weightedLogs += Double(group.count) * log(Double(group.count))
                }
            }
        }
        var previous: UInt64 = 0
        for (row, count) in zip(rows, counts) {
            var shared = 0
            while shared < 5, row / Self.powers[shared] == previous / Self.powers[shared] { shared += 1 }
            close(to: min(shared, groups.count))
            var length = groups.count
            while length < 5, row / Self.powers[length] % Self.radix != 0 {
                groups.append(Group(row: row - row % Self.powers[length], length: length + 1))
                length += 1
            }
            for index in groups.indices { groups[index].count += Int(count) }
            previous = row
        }
        close(to: 0)
    }

    /// The codes of a row of `length` letters.
    static func codes(of row: UInt64, length: Int) -> [UInt64] {
        powers[..<length].map { row / $0 % radix }
    }

    /// The row of one to five codes.
    static func row(of codes: some Sequence<UInt64>) -> UInt64 {
        zip(codes, powers).reduce(0) { $0 + $1.0 * $1.1 }
    }

}
