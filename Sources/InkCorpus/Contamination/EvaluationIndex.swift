import InkSupport

/// The n-grams of the evaluation files in a table with open addressing, each with the first text that has it.
struct EvaluationIndex: Sendable {
    /// A text of an evaluation file that is long enough for one n-gram.
    struct Item: Sendable {
        var file: UInt32
        /// Its line in the file.
        var number: UInt32
        /// N-grams of which this is the first text.
        var grams: UInt32
    }

    let files: [EvaluationFile]
    let gramLength: Int
    private(set) var items: [Item] = []
    /// 0 where a slot is empty.
    private var keys = [UInt64](repeating: 0, count: 1 << 10)
    private var owners = [UInt32](repeating: 0, count: 1 << 10)
    private var count = 0
    private let memory: Int

    /// Bytes of a slot while the table grows to double its size.
    private static let growingSlotBytes = 18

    /// Reads the files.
    /// - Parameter memory: bytes that the table may take.
    /// - Throws: `InputError` for files that cannot be read, and (`.run`) for more n-grams than the memory holds.
    init(_ files: [EvaluationFile], gramLength: Int, memory: Int) throws {
        self.files = files
        self.gramLength = gramLength
        self.memory = max(memory, 1 << 16)
        var units = TextUnits()
        for (file, evaluation) in files.enumerated() {
            try evaluation.forEachText { number, text in
                units.take(text)
                guard units.hashes.count >= gramLength else { return }
                guard let item = UInt32(exactly: items.count), let line = UInt32(exactly: number) else {
                    throw tooLarge(evaluation.path)
                }
                items.append(Item(file: UInt32(file), number: line, grams: 0))
                try units.forEachGram(gramLength) { hash, _ in
                    if try insert(hash, owner: item, evaluation.path) { items[Int(item)].grams += 1 }
                }
            }
        }
    }

    /// Slots of the table.
    var slotCount: Int { keys.count }

    /// The slot of an n-gram; nil when no text has it.
    func slot(_ hash: UInt64) -> Int? {
        let slot = place(hash)
        return keys[slot] == hash ? slot : nil
    }

    /// The first text that has the n-gram of a slot.
    func owner(_ slot: Int) -> Int { Int(owners[slot]) }

    /// `FILE:LINE` of a text.
    func location(_ item: Int) -> String { files[Int(items[item].file)].location(Int(items[item].number)) }

    private func place(_ hash: UInt64) -> Int {
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while keys[slot] != 0, keys[slot] != hash { slot = (slot + 1) & mask }
        return slot
    }

    /// - Returns: whether the n-gram is new.
    private mutating func insert(_ hash: UInt64, owner: UInt32, _ path: String) throws -> Bool {
        let slot = place(hash)
        if keys[slot] == hash { return false }
        keys[slot] = hash
        owners[slot] = owner
        count += 1
        if 2 * count > keys.count { try grow(path) }
        return true
    }

    private mutating func grow(_ path: String) throws {
        let size = 2 * keys.count
        guard size * Self.growingSlotBytes <= memory else { throw tooLarge(path) }
        let (oldKeys, oldOwners) = (keys, owners)
        keys = [UInt64](repeating: 0, count: size)
        owners = [UInt32](repeating: 0, count: size)
        for (key, owner) in zip(oldKeys, oldOwners) where key != 0 {
            let slot = place(key)
            keys[slot] = key
            owners[slot] = owner
        }
    }

    private func tooLarge(_ path: String) -> InputError {
        InputError(
            .run, at: path, "the evaluation files have more n-grams than fit in memory",
            expected: "a table of at most \(memory) bytes",
            remedy: "give fewer evaluation files at a time, or more memory")
    }
}
