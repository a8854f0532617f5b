/// Collapses blocks of 1 to 99 sentences that follow on themselves (ERNIE 3.0: consecutive identical paragraphs of N
/// sentences, 0 < N < 100). The first copy stays.
///
/// Sentences are compared by their hashes. They are pushed one by one on a stack from which a repeated block is taken as
/// soon as it is complete, so the stack never holds one: each sentence costs at most `longest` comparisons.
struct RepeatRule: CleaningRule {
    let name = "repeats"
    let triggers: TextFeatures = .twoSentences
    /// Sentences of the longest block.
    let longest: Int
    /// Sentences up to which comparing all pairs is the fastest way.
    private static let few = 16

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        let sentences = profile.sentences
        guard hasDuplicate(sentences.map { Self.outline(text, $0) }) else { return }
        let hashes = sentences.map { Self.hash(text, $0) }
        guard hasDuplicate(hashes) else { return }
        var isRemoved = [Bool](repeating: false, count: hashes.count)
        var stack: [Int] = []
        for index in hashes.indices {
            stack.append(index)
            if let block = repeatedBlock(hashes, stack) {
                for removed in stack.suffix(block) { isRemoved[removed] = true }
                stack.removeLast(block)
            }
        }
        SentenceRemoval.apply(sentences, of: text, &edits) { isRemoved[$0] }
    }

    /// The length of the block at the end of the stack that the same block precedes.
    private func repeatedBlock(_ hashes: [UInt64], _ stack: [Int]) -> Int? {
        let last = stack.count - 1
        var block = 1
        while block <= longest, 2 * block <= stack.count {
            var back = 0
            while back < block, hashes[stack[last - back]] == hashes[stack[last - back - block]] { back += 1 }
            if back == block { return block }
            block += 1
        }
        return nil
    }

    private func hasDuplicate(_ hashes: [UInt64]) -> Bool {
        if hashes.count <= Self.few {
            for index in hashes.indices where hashes[..<index].contains(hashes[index]) { return true }
            return false
        }
        var bits = 4
        while 1 << bits < 2 * hashes.count { bits += 1 }
        var slots = [UInt64](repeating: 0, count: 1 << bits)
        for hash in hashes {
            let value = max(1, hash)
            var slot = Int(value >> UInt64(64 - bits))
            while slots[slot] != 0 {
                if slots[slot] == value { return true }
                slot = (slot + 1) & (slots.count - 1)
            }
            slots[slot] = value
        }
        return false
    }

    /// What tells most different sentences apart at once: how long they are without the spaces around them, and their ends.
    private static func outline(_ text: [UInt8], _ range: Range<Int>) -> UInt64 {
        let core = withoutSpaces(text, range)
        var key = UInt64(core.count)
        var step = 0
        while step < 8, step < core.count {
            key = key &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(text[core.lowerBound + step])
            key = key &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(text[core.upperBound - 1 - step])
            step += 1
        }
        return key
    }

    private static func hash(_ text: [UInt8], _ range: Range<Int>) -> UInt64 {
        Hash64.of(text[withoutSpaces(text, range)])
    }

    private static func withoutSpaces(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, text[lower] == UInt8(ascii: " ") { lower += 1 }
        while upper > lower, text[upper - 1] == UInt8(ascii: " ") { upper -= 1 }
        return lower..<upper
    }
}
