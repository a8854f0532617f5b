extension WordSegmenter {
    /// The likeliest words of a block, with letters left over put together: Latin ones and digits in a row, or all by
    /// the boundary model.
    func appendWords(_ block: Range<Int>, _ scratch: inout Scratch) {
        findRoute(scratch.letters, block, &scratch.pairs, &scratch.scores, &scratch.ends)
        var start = block.lowerBound
        // Letters from here to `start` are single and wait for those that follow.
        var waiting = start
        while start < block.upperBound {
            let end = scratch.ends[start - block.lowerBound]
            let waits = end - start == 1 && (boundaryModel != nil || scratch.letters[start].kind == .alphanumeric)
            if !waits {
                flush(waiting..<start, &scratch)
                scratch.words.append(start..<end)
                waiting = end
            }
            start = end
        }
        flush(waiting..<block.upperBound, &scratch)
    }

    /// The likeliest cover of every end part of a block, from the last letter to the first.
    ///
    /// Of equally likely covers the one with the longest first word is taken. A letter at which no word begins is taken
    /// for a word of frequency 1.
    private func findRoute(
        _ letters: [SegmentLetter], _ block: Range<Int>, _ pairs: inout [Int], _ scores: inout [Double],
        _ ends: inout [Int]
    ) {
        if scores.count <= block.count {
            let missing = block.count + 1 - scores.count
            pairs.append(contentsOf: repeatElement(0, count: missing))
            scores.append(contentsOf: repeatElement(0, count: missing))
            ends.append(contentsOf: repeatElement(0, count: missing))
        }
        // Spans: the loops neither count references nor check for sharing.
        let parents = dictionary.trie.parents.span
        let cells = dictionary.trie.cells.span
        let letters = letters.span
        var pairs = pairs.mutableSpan
        var scores = scores.mutableSpan
        var ends = ends.mutableSpan
        let logTotal = dictionary.logTotal
        let (first, last) = (block.lowerBound, block.upperBound - 1)

        // The nodes of all pairs of letters beforehand and without branches, so that the processor reads them side by
        // side: most of the time goes into waiting for these places.
        let root = UInt32(WordTrie.root)
        var follower: UInt32 = 0
        for place in block.reversed() {
            let code = letters[place].code
            let single = Int(cells[WordTrie.root].base &+ code)
            let pair = Int(cells[single].base &+ follower)
            let difference = (parents[pair] ^ UInt32(truncatingIfNeeded: single)) | (parents[single] ^ root)
            pairs[place - first] = difference == 0 ? pair : WordTrie.root
            follower = code
        }
        scores[block.count] = 0
        for start in block.reversed() {
            let next = start + 1 - first
            // A comparison with NaN, of what is no word, fails.
            let single = WordTrie.child(of: WordTrie.root, letters[start].code, parents, cells) ?? WordTrie.root
            var (best, bestEnd) = (cells[single].logFrequency - logTotal + scores[next], start + 1)
            if best.isNaN { best = -.infinity }
            var node = pairs[start - first]
            var end = start + 1
            while node != WordTrie.root {
                end += 1
                let score = cells[node].logFrequency - logTotal + scores[end - first]
                if score >= best { (best, bestEnd) = (score, end) }
                guard end <= last, let child = WordTrie.child(of: node, letters[end].code, parents, cells) else {
                    break
                }
                node = child
            }
            if best == -.infinity { (best, bestEnd) = (-logTotal + scores[next], start + 1) }
            scores[start - first] = best
            ends[start - first] = bestEnd
        }
    }

    private func flush(_ letters: Range<Int>, _ scratch: inout Scratch) {
        if letters.isEmpty { return }
        guard letters.count > 1, let boundaryModel else {
            scratch.words.append(letters)
            return
        }
        if isWord(letters, scratch) {
            // The dictionary knows the word but the route went by its letters.
            for letter in letters { scratch.words.append(letter..<letter + 1) }
            return
        }
        var start = letters.lowerBound
        while start < letters.upperBound {
            let isHan = scratch.letters[start].kind == .ideograph
            var end = start + 1
            while end < letters.upperBound, (scratch.letters[end].kind == .ideograph) == isHan { end += 1 }
            if isHan {
                appendModelWords(start..<end, boundaryModel, &scratch)
            } else {
                appendLatinWords(start..<end, &scratch)
            }
            start = end
        }
    }

    private func appendModelWords(_ letters: Range<Int>, _ model: WordBoundaryModel, _ scratch: inout Scratch) {
        scratch.found.removeAll(keepingCapacity: true)
        model.appendEnds(of: scratch.letters, letters, to: &scratch.found, &scratch.back)
        var start = letters.lowerBound
        for end in scratch.found {
            let isSplit =
                !dictionary.splitWords.isEmpty
                && dictionary.splitWords.contains(scratch.letters[start..<end].map(\.scalar))
            if isSplit {
                for letter in start..<end { scratch.words.append(letter..<letter + 1) }
            } else {
                scratch.words.append(start..<end)
            }
            start = end
        }
    }

    /// Runs of Latin letters and digits, each with a decimal fraction and a percent sign behind it; what lies between
    /// such runs stays together.
    private func appendLatinWords(_ letters: Range<Int>, _ scratch: inout Scratch) {
        var start = letters.lowerBound
        func isAlphanumeric(_ place: Int) -> Bool {
            place < letters.upperBound && scratch.letters[place].kind == .alphanumeric
        }
        func isDigit(_ place: Int) -> Bool {
            place < letters.upperBound && ("0"..."9").contains(scratch.letters[place].scalar)
        }
        func letter(_ place: Int) -> Unicode.Scalar? {
            place < letters.upperBound ? scratch.letters[place].scalar : nil
        }
        while start < letters.upperBound {
            var end = start
            if isAlphanumeric(start) {
                while isAlphanumeric(end) { end += 1 }
                if letter(end) == ".", isDigit(end + 1) {
                    end += 1
                    while isDigit(end) { end += 1 }
                }
                if letter(end) == "%" { end += 1 }
            } else {
                while end < letters.upperBound, !isAlphanumeric(end) { end += 1 }
            }
            scratch.words.append(start..<end)
            start = end
        }
    }

    /// Whether the dictionary holds the letters as a word of a frequency above 0.
    private func isWord(_ letters: Range<Int>, _ scratch: borrowing Scratch) -> Bool {
        var node = WordTrie.root
        for place in letters {
            guard let next = dictionary.trie.child(of: node, scratch.letters[place].code) else { return false }
            node = next
        }
        return !dictionary.trie.cells[node].logFrequency.isNaN
    }

    /// Puts before each word from `first` on the words of two and of three letters inside it.
    func appendInnerWords(from first: Int, _ scratch: inout Scratch) {
        let words = Array(scratch.words[first...])
        scratch.words.removeSubrange(first...)
        for word in words {
            for length in [2, 3] where word.count > length {
                for start in word.lowerBound...word.upperBound - length where isWord(start..<start + length, scratch) {
                    scratch.words.append(start..<start + length)
                }
            }
            scratch.words.append(word)
        }
    }

    /// Every word of the dictionary in a block, by start and end. A letter that is in none stands alone, Latin letters
    /// and digits that are in none in a row.
    func appendAllWords(_ block: Range<Int>, _ scratch: inout Scratch) {
        var latin: Range<Int>?
        // Where the words so far end.
        var covered = block.lowerBound
        for start in block {
            if let run = latin, scratch.letters[start].kind != .alphanumeric {
                scratch.words.append(run)
                latin = nil
            }
            let ends = wordEnds(from: start, block.upperBound, scratch)
            if ends.count > 1 || start < covered {
                for end in ends where end > start + 1 {
                    scratch.words.append(start..<end)
                    covered = end
                }
                continue
            }
            let word = start..<(ends.first ?? start + 1)
            covered = word.upperBound
            if scratch.letters[start].kind != .alphanumeric {
                scratch.words.append(word)
            } else if let run = latin, run.upperBound == start {
                latin = run.lowerBound..<word.upperBound
            } else {
                if let run = latin { scratch.words.append(run) }
                latin = word
            }
        }
        if let latin { scratch.words.append(latin) }
    }

    private func wordEnds(from start: Int, _ limit: Int, _ scratch: borrowing Scratch) -> [Int] {
        var ends: [Int] = []
        var node = WordTrie.root
        var end = start
        while end < limit, let next = dictionary.trie.child(of: node, scratch.letters[end].code) {
            node = next
            end += 1
            if !dictionary.trie.cells[node].logFrequency.isNaN { ends.append(end) }
        }
        return ends
    }
}
