/// A 128-bit fingerprint.
struct Fingerprint: Hashable, Sendable {
    var high: UInt64
    var low: UInt64
}

/// Pairs of key and document as they lie in files: the key in two or four words, then the document.
struct KeyEntries: Sendable {
    /// Bits of a key, of which `bitsPerLevel` tell the partition.
    enum Width: Int, Sendable {
        case bits64 = 3
        case bits128 = 5
    }

    static let bitsPerLevel = 8
    static let partitions = 1 << bitsPerLevel
    /// Levels at which the first 64 bits of a key can be told apart.
    static let levels = 64 / bitsPerLevel

    let width: Width
    private(set) var words: [UInt32]

    init(_ width: Width, words: [UInt32] = []) {
        self.width = width
        self.words = words
    }

    var count: Int { words.count / width.rawValue }

    /// Adds a document under a key of 64 bits.
    mutating func append(_ key: UInt64, _ document: UInt32) {
        words.append(UInt32(truncatingIfNeeded: key))
        words.append(UInt32(truncatingIfNeeded: key >> 32))
        words.append(document)
    }

    /// Adds a document under a key of 128 bits.
    mutating func append(_ key: Fingerprint, _ document: UInt32) {
        words.append(UInt32(truncatingIfNeeded: key.high))
        words.append(UInt32(truncatingIfNeeded: key.high >> 32))
        words.append(UInt32(truncatingIfNeeded: key.low))
        words.append(UInt32(truncatingIfNeeded: key.low >> 32))
        words.append(document)
    }

    mutating func reserve(_ count: Int) { words.reserveCapacity(count * width.rawValue) }

    /// The first 64 bits of an entry's key.
    func key(_ entry: Int) -> UInt64 {
        let at = entry * width.rawValue
        return UInt64(words[at + 1]) << 32 | UInt64(words[at])
    }

    func document(_ entry: Int) -> UInt32 { words[(entry + 1) * width.rawValue - 1] }

    func haveSameKey(_ one: Int, _ other: Int) -> Bool {
        let (first, second) = (one * width.rawValue, other * width.rawValue)
        guard words[first] == words[second], words[first + 1] == words[second + 1] else { return false }
        return width == .bits64
            || words[first + 2] == words[second + 2] && words[first + 3] == words[second + 3]
    }

    /// Adds a number to every document.
    mutating func shiftDocuments(by number: UInt32) {
        for at in stride(from: width.rawValue - 1, to: words.count, by: width.rawValue) { words[at] &+= number }
    }

    /// The entries ordered by the bits of a level, otherwise as they were, with the end of each partition in words.
    func partitioned(level: Int) -> (entries: KeyEntries, ends: [Int]) {
        let shift = UInt64(64 - Self.bitsPerLevel * (level + 1))
        let count = count
        let width = width.rawValue
        func partition(_ entry: Int) -> Int { Int(truncatingIfNeeded: key(entry) >> shift) & (Self.partitions - 1) }
        var places = [Int](repeating: 0, count: Self.partitions)
        for entry in 0..<count { places[partition(entry)] += width }
        var start = 0
        for index in places.indices { (places[index], start) = (start, start + places[index]) }
        var sorted = [UInt32](repeating: 0, count: words.count)
        for entry in 0..<count {
            let partition = partition(entry)
            let place = places[partition]
            for word in 0..<width { sorted[place + word] = words[entry * width + word] }
            places[partition] = place + width
        }
        return (KeyEntries(self.width, words: sorted), places)
    }
}
