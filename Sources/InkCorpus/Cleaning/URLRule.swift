/// Takes away web addresses: `http://`, `https://`, `ftp://` and `www.`, up to the first character that no address holds
/// (white space, any Chinese character or mark), without the punctuation that closes a sentence.
struct URLRule: CleaningRule {
    let name = "urls"
    let triggers: TextFeatures = .address
    private let starts = ByteSet(":wW")
    private let inside = ByteSet("-._~:/?#[]@!$&'()*+,;=%", 0x30...0x39, 0x41...0x5A, 0x61...0x7A)
    private let closing = ByteSet(".,;:!?'])")
    private let besideWWW = ByteSet(".@/-", 0x30...0x39, 0x41...0x5A, 0x61...0x7A)

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = starts.next(in: text, from: position)
            guard position < text.count else { return }
            guard let (start, host) = beginning(text, position), start >= edits.done, host < text.count,
                ByteSet.alphanumerics.contains(text[host])
            else {
                position += 1
                continue
            }
            var end = inside.end(in: text, from: host)
            end = sentenceEnd(text, host, end)
            edits.remove(start..<end, of: text)
            position = end
        }
    }

    /// The end without the punctuation that closes a sentence; a closing bracket belongs to the address when it was opened there.
    private func sentenceEnd(_ text: [UInt8], _ host: Int, _ end: Int) -> Int {
        var end = end
        var unopened = 0
        for byte in text[host..<end] {
            if byte == UInt8(ascii: ")") { unopened += 1 } else if byte == UInt8(ascii: "(") { unopened -= 1 }
        }
        while end > host + 1, closing.contains(text[end - 1]) {
            if text[end - 1] == UInt8(ascii: ")") {
                if unopened <= 0 { break }
                unopened -= 1
            }
            end -= 1
        }
        return end
    }

    /// Where the address around a trigger begins and where its host begins; nil where there is none.
    private func beginning(_ text: [UInt8], _ trigger: Int) -> (start: Int, host: Int)? {
        if text[trigger] == UInt8(ascii: ":") {
            guard ASCIIText.holds("//", text, trigger + 1) else { return nil }
            for scheme in ["https", "http", "ftp"] as [String] {
                let start = trigger - scheme.utf8.count
                if start >= 0, ASCIIText.holds(scheme, text, start) { return (start, trigger + 3) }
            }
            return nil
        }
        guard ASCIIText.holds("www.", text, trigger), trigger == 0 || !besideWWW.contains(text[trigger - 1]) else {
            return nil
        }
        return (trigger, trigger + 4)
    }
}
