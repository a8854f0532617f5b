import InkText

extension PackedEncodings {
    /// Consecutive texts in batches of at most `tokens` tokens; a longer text is a batch of its own.
    func batches(tokens limit: Int) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var next = 0
        while next < count {
            var end = next + 1
            while end < count, starts[end + 1] - starts[next] <= limit { end += 1 }
            batches.append(next..<end)
            next = end
        }
        return batches
    }
}
