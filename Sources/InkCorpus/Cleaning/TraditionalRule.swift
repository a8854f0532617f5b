import InkSystem

/// Traditional characters become simplified, by OpenCC's dictionary `t2s`.
struct TraditionalRule: CleaningRule {
    let name = "traditional"
    let triggers: TextFeatures = .hanzi
    let converter: OpenCC

    /// Converts line by line, and reports the first and the last character of a line that changed with what is between.
    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) throws {
        let lines = ByteSet("\n\0")
        var start = 0
        while start < text.count {
            let end = lines.next(in: text, from: start)
            let line = text[start..<end]
            let converted = try converter.convert(line)
            if !line.elementsEqual(converted) { report(text, start..<end, converted, &edits) }
            start = end + 1
        }
    }

    private func report(_ text: [UInt8], _ line: Range<Int>, _ converted: [UInt8], _ edits: inout TextEdits) {
        let limit = min(line.count, converted.count)
        var head = 0
        while head < limit, text[line.lowerBound + head] == converted[head] { head += 1 }
        while head > 0, isInside(text, line, head) || isInside(converted, head) { head -= 1 }
        var tail = 0
        while tail < limit - head, text[line.upperBound - 1 - tail] == converted[converted.count - 1 - tail] {
            tail += 1
        }
        while tail > 0,
            isInside(text, line, line.count - tail) || isInside(converted, converted.count - tail)
        { tail -= 1 }
        edits.replace(
            line.lowerBound + head..<line.upperBound - tail, of: text,
            with: Array(converted[head..<converted.count - tail]))
    }

    /// Whether a place lies inside a character.
    private func isInside(_ text: [UInt8], _ line: Range<Int>, _ offset: Int) -> Bool {
        offset < line.count && text[line.lowerBound + offset] & 0xC0 == 0x80
    }

    private func isInside(_ text: [UInt8], _ offset: Int) -> Bool { offset < text.count && text[offset] & 0xC0 == 0x80 }
}
