/// Collapses blocks of 1 to 99 sentences that follow on themselves (ERNIE 3.0: consecutive identical paragraphs of N
/// sentences, 0 < N < 100). The first copy stays.
///
/// Sentences are compared by their hashes. They are pushed one by one on a stack from which a repeated block is taken as
/// soon as it is complete, so the stack never holds one: each sentence costs at most `longest` comparisons.
struct RepeatRule: CleaningRule {
    let name = "repeats"
    /// Sentences of the longest block.
    let longest: Int

    func apply(to text: [UInt8], _ edits: inout TextEdits) {
        let sentences = SentenceSplitter.ranges(in: text)
        guard sentences.count > 1 else { return }
        let hashes = sentences.map { hash(text, $0) }
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

    /// The hash of a sentence without the spaces around it.
    private func hash(_ text: [UInt8], _ range: Range<Int>) -> UInt64 {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, text[lower] == UInt8(ascii: " ") { lower += 1 }
        while upper > lower, text[upper - 1] == UInt8(ascii: " ") { upper -= 1 }
        return Hash64.of(text[lower..<upper])
    }
}
