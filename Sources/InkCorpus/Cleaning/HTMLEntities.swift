/// Character entities of HTML: `&lt;`, `&#20013;`, `&#x4E2D;`.
enum HTMLEntities {
    /// The character of the entity that begins with `&` at a place; nil for what is none.
    ///
    /// Text that was escaped more than once (`&amp;lt;`) is decoded to the end in one go.
    static func decode(_ text: [UInt8], at position: Int) -> (utf8: [UInt8], end: Int)? {
        guard var entity = parse(text, position + 1) else { return nil }
        while entity.scalar == 0x26, let inner = parse(text, entity.end) { entity = inner }
        return (Scalars.utf8(entity.scalar), entity.end)
    }

    /// The entity whose part behind `&` begins at a place.
    private static func parse(_ text: [UInt8], _ start: Int) -> (scalar: UInt32, end: Int)? {
        guard start < text.count else { return nil }
        if text[start] == UInt8(ascii: "#") { return parseNumber(text, start + 1) }
        let end = ByteSet.alphanumerics.end(in: text, from: start)
        guard end > start, end - start <= longestName, end < text.count, text[end] == UInt8(ascii: ";"),
            let scalar = scalars[Array(text[start..<end])]
        else { return nil }
        return (scalar, end + 1)
    }

    private static func parseNumber(_ text: [UInt8], _ start: Int) -> (scalar: UInt32, end: Int)? {
        guard start < text.count else { return nil }
        let isHex = text[start] | 0x20 == UInt8(ascii: "x")
        let first = isHex ? start + 1 : start
        var position = first
        var value: UInt32 = 0
        while position < text.count, position - first < 8, let digit = hexDigit(text[position]), isHex || digit < 10 {
            value = value &* (isHex ? 16 : 10) &+ digit
            position += 1
        }
        guard position > first, position < text.count, text[position] == UInt8(ascii: ";"), value > 0,
            Unicode.Scalar(value) != nil
        else { return nil }
        return (value, position + 1)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46: UInt32(byte - 0x37)
        case 0x61...0x66: UInt32(byte - 0x57)
        default: nil
        }
    }

    /// The names of Latin-1 from U+00A1 on, in the order of their characters.
    private static let latin =
        """
        iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para \
        middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave \
        Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute \
        Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave \
        iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """

    private static let others: [String: UInt32] = [
        "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "nbsp": 0x20, "AMP": 0x26, "LT": 0x3C,
        "GT": 0x3E, "QUOT": 0x22, "ensp": 0x20, "emsp": 0x20, "thinsp": 0x20, "ndash": 0x2013, "mdash": 0x2014,
        "lsquo": 0x2018, "rsquo": 0x2019, "sbquo": 0x201A, "ldquo": 0x201C, "rdquo": 0x201D, "bdquo": 0x201E,
        "hellip": 0x2026, "bull": 0x2022, "permil": 0x2030, "prime": 0x2032, "Prime": 0x2033, "lsaquo": 0x2039,
        "rsaquo": 0x203A, "euro": 0x20AC, "trade": 0x2122, "larr": 0x2190, "uarr": 0x2191, "rarr": 0x2192,
        "darr": 0x2193, "harr": 0x2194, "rArr": 0x21D2, "hArr": 0x21D4, "minus": 0x2212, "radic": 0x221A,
        "infin": 0x221E, "asymp": 0x2248, "ne": 0x2260, "equiv": 0x2261, "le": 0x2264, "ge": 0x2265, "sum": 0x2211,
        "prod": 0x220F, "int": 0x222B, "part": 0x2202, "alpha": 0x3B1, "beta": 0x3B2, "gamma": 0x3B3, "delta": 0x3B4,
        "epsilon": 0x3B5, "theta": 0x3B8, "lambda": 0x3BB, "mu": 0x3BC, "pi": 0x3C0, "sigma": 0x3C3, "phi": 0x3C6,
        "omega": 0x3C9, "Delta": 0x394, "Sigma": 0x3A3, "Omega": 0x3A9, "hearts": 0x2665, "spades": 0x2660,
        "clubs": 0x2663, "diams": 0x2666, "zwnj": 0x200C, "zwj": 0x200D, "lrm": 0x200E, "rlm": 0x200F,
    ]

    private static let scalars: [[UInt8]: UInt32] = {
        var scalars: [[UInt8]: UInt32] = [:]
        for (offset, name) in latin.split(separator: " ").enumerated() {
            scalars[Array(name.utf8)] = 0xA1 + UInt32(offset)
        }
        for (name, scalar) in others { scalars[Array(name.utf8)] = scalar }
        return scalars
    }()

    static let longestName = 8
}
