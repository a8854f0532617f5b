/// Reading scalars from UTF-8 bytes. Bytes that are not UTF-8 read as U+FFFD, one at a time.
package enum UTF8Text {
    /// The scalar at `position`, which moves behind it. `position < limit <= text.count` must hold.
    @inline(__always)
    package static func scalar(_ text: [UInt8], at position: inout Int, limit: Int) -> Unicode.Scalar {
        let first = text[position]
        position += 1
        if first < 0x80 { return Unicode.Scalar(first) }
        let (length, lead): (Int, UInt32)
        switch first {
        case 0xC2...0xDF: (length, lead) = (1, UInt32(first & 0x1F))
        case 0xE0...0xEF: (length, lead) = (2, UInt32(first & 0x0F))
        case 0xF0...0xF4: (length, lead) = (3, UInt32(first & 0x07))
        default: return "\u{FFFD}"
        }
        guard limit - position >= length else { return "\u{FFFD}" }
        var value = lead
        for index in position..<position + length {
            let byte = text[index]
            guard byte & 0xC0 == 0x80 else { return "\u{FFFD}" }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let isShortest = length == 1 || value >= (length == 2 ? 0x800 : 0x10000)
        guard isShortest, let scalar = Unicode.Scalar(value) else { return "\u{FFFD}" }
        position += length
        return scalar
    }

    /// The scalar that ends before `end`, which must be above 0.
    static func scalar(_ text: [UInt8], endingAt end: Int) -> Unicode.Scalar {
        var start = end - 1
        while start > 0, end - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
        return scalar(text, at: &start, limit: end)
    }

    /// Appends the UTF-8 of `scalar`.
    @inline(__always)
    static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        let value = scalar.value
        func continuation(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: value >> shift & 0x3F | 0x80) }
        if value < 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value))
            return
        }
        if value < 0x800 {
            bytes.append(UInt8(truncatingIfNeeded: value >> 6 | 0xC0))
        } else {
            if value < 0x10000 {
                bytes.append(UInt8(truncatingIfNeeded: value >> 12 | 0xE0))
            } else {
                bytes.append(UInt8(truncatingIfNeeded: value >> 18 | 0xF0))
                bytes.append(continuation(12))
            }
            bytes.append(continuation(6))
        }
        bytes.append(continuation(0))
    }

    /// All scalars of a stretch of text.
    static func scalars(_ text: [UInt8], _ range: Range<Int>) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(range.count)
        var position = range.lowerBound
        while position < range.upperBound {
            scalars.append(scalar(text, at: &position, limit: range.upperBound))
        }
        return scalars
    }

    /// Where the white space that ends at `end` begins, not before `start`.
    static func startOfSpace(_ text: [UInt8], before end: Int, from start: Int) -> Int {
        var position = end
        while position > start {
            let scalar = scalar(text, endingAt: position)
            guard scalar.properties.isWhitespace else { break }
            position -= UTF8.width(scalar)
        }
        return position
    }

    /// Where the white space that begins at `start` ends.
    static func endOfSpace(_ text: [UInt8], from start: Int, limit: Int) -> Int {
        var position = start
        while position < limit {
            var next = position
            guard scalar(text, at: &next, limit: limit).properties.isWhitespace else { break }
            position = next
        }
        return position
    }

    /// `\w` of regular expressions: alphabetic, marks, decimal digits, connector punctuation, join controls.
    static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isAlphabetic || properties.isJoinControl { return true }
        switch properties.generalCategory {
        case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }
}
