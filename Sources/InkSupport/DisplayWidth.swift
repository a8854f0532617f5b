/// Widths in terminal columns: 汉字, full-width forms and emoji take two, combining marks none.
///
/// The wide ranges are those of East Asian Width W and F (Unicode Standard Annex 11), with neighbouring blocks of
/// ideographs joined over their unassigned code points, as the annex says.
public enum DisplayWidth {
    /// Columns that `text` takes on one line of a terminal. Control characters count as none.
    public static func of(_ text: String) -> Int {
        var width = 0
        for character in text { width += columns(character) }
        return width
    }

    /// `text` with spaces up to `width` columns; longer text stays as it is.
    public static func pad(_ text: String, to width: Int, trailing: Bool = false) -> String {
        let spaces = String(repeating: " ", count: max(0, width - of(text)))
        return trailing ? spaces + text : text + spaces
    }

    /// `text` cut to at most `width` columns, with `…` as its last one where something was cut off.
    public static func truncate(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        var result = ""
        var used = 0
        for character in text {
            let next = columns(character)
            if used + next > width - 1 { break }
            result.append(character)
            used += next
        }
        return width > 0 ? result + "…" : ""
    }

    private static func columns(_ character: Character) -> Int {
        var total = 0
        var count = 0
        for scalar in character.unicodeScalars {
            // Emoji variation selector, or the second half of a flag or of a joined emoji: one picture, two columns.
            if scalar.value == 0xfe0f { return 2 }
            let isPart = count > 0 && (scalar.properties.isEmojiPresentation || scalar.properties.isEmojiModifier)
            if isPart { return 2 }
            total += columns(scalar)
            count += 1
        }
        return total
    }

    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return value < 0x20 || (value >= 0x7f && value < 0xa0) || value == 0xad ? 0 : 1 }
        // Vowels and final consonants of decomposed Hangul join the wide initial before them.
        if value >= 0x1160 && value <= 0x11ff { return 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .lineSeparator, .paragraphSeparator: return 0
        default: return isWide(value) ? 2 : 1
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        guard value >= 0x1100 else { return false }
        var low = 0
        var high = wideRanges.count
        while low < high {
            let middle = (low + high) / 2
            if wideRanges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < wideRanges.count && wideRanges[low].lowerBound <= value
    }

    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115f, 0x231a...0x231b, 0x2329...0x232a, 0x23e9...0x23ec, 0x23f0...0x23f0, 0x23f3...0x23f3,
        0x25fd...0x25fe, 0x2614...0x2615, 0x2648...0x2653, 0x267f...0x267f, 0x2693...0x2693, 0x26a1...0x26a1,
        0x26aa...0x26ab, 0x26bd...0x26be, 0x26c4...0x26c5, 0x26ce...0x26ce, 0x26d4...0x26d4, 0x26ea...0x26ea,
        0x26f2...0x26f3, 0x26f5...0x26f5, 0x26fa...0x26fa, 0x26fd...0x26fd, 0x2705...0x2705, 0x270a...0x270b,
        0x2728...0x2728, 0x274c...0x274c, 0x274e...0x274e, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
        0x27b0...0x27b0, 0x27bf...0x27bf, 0x2b1b...0x2b1c, 0x2b50...0x2b50, 0x2b55...0x2b55, 0x2e80...0x303e,
        0x3041...0x3247, 0x3250...0x4dbf, 0x4e00...0xa4c6, 0xa960...0xa97c, 0xac00...0xd7a3, 0xf900...0xfaff,
        0xfe10...0xfe19, 0xfe30...0xfe6b, 0xff01...0xff60, 0xffe0...0xffe6, 0x1_6fe0...0x1_8cd5, 0x1_8d00...0x1_8d08,
        0x1_aff0...0x1_b122, 0x1_b150...0x1_b2fb, 0x1_f004...0x1_f004, 0x1_f0cf...0x1_f0cf, 0x1_f18e...0x1_f18e,
        0x1_f191...0x1_f19a, 0x1_f200...0x1_f265, 0x1_f300...0x1_f320, 0x1_f32d...0x1_f335, 0x1_f337...0x1_f37c,
        0x1_f37e...0x1_f393, 0x1_f3a0...0x1_f3ca, 0x1_f3cf...0x1_f3d3, 0x1_f3e0...0x1_f3f0, 0x1_f3f4...0x1_f3f4,
        0x1_f3f8...0x1_f43e, 0x1_f440...0x1_f440, 0x1_f442...0x1_f4fc, 0x1_f4ff...0x1_f53d, 0x1_f54b...0x1_f54e,
        0x1_f550...0x1_f567, 0x1_f57a...0x1_f57a, 0x1_f595...0x1_f596, 0x1_f5a4...0x1_f5a4, 0x1_f5fb...0x1_f64f,
        0x1_f680...0x1_f6c5, 0x1_f6cc...0x1_f6cc, 0x1_f6d0...0x1_f6d2, 0x1_f6d5...0x1_f6df, 0x1_f6eb...0x1_f6ec,
        0x1_f6f4...0x1_f6fc, 0x1_f7e0...0x1_f7f0, 0x1_f90c...0x1_f93a, 0x1_f93c...0x1_f945, 0x1_f947...0x1_f9ff,
        0x1_fa70...0x1_faf6, 0x2_0000...0x3_fffd,
    ]
}

extension String {
    /// `self` with spaces after it (or before it: `trailing`) up to `width` terminal columns.
    public func padded(to width: Int, trailing: Bool = false) -> String {
        DisplayWidth.pad(self, to: width, trailing: trailing)
    }
}
