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

    /// The Greek letters from U+0391 on, in the order of their characters; a hyphen where there is none.
    private static let greek =
        """
        Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau Upsilon Phi Chi Psi \
        Omega - - - - - - - alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma \
        tau upsilon phi chi psi omega - - - - - - - thetasym upsih - - - piv
        """

    /// The other names of HTML 4, and those of HTML 5 for ASCII marks.
    private static let others: [String: UInt32] = [
        "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "nbsp": 0x20, "AMP": 0x26, "LT": 0x3C,
        "GT": 0x3E, "QUOT": 0x22, "COPY": 0xA9, "REG": 0xAE, "ensp": 0x20, "emsp": 0x20, "thinsp": 0x20,
        "OElig": 0x152, "oelig": 0x153, "Scaron": 0x160, "scaron": 0x161, "Yuml": 0x178, "fnof": 0x192, "circ": 0x2C6,
        "tilde": 0x2DC, "zwnj": 0x200C, "zwj": 0x200D, "lrm": 0x200E, "rlm": 0x200F, "ndash": 0x2013, "mdash": 0x2014,
        "lsquo": 0x2018, "rsquo": 0x2019, "sbquo": 0x201A, "ldquo": 0x201C, "rdquo": 0x201D, "bdquo": 0x201E,
        "dagger": 0x2020, "Dagger": 0x2021, "bull": 0x2022, "hellip": 0x2026, "permil": 0x2030, "prime": 0x2032,
        "Prime": 0x2033, "lsaquo": 0x2039, "rsaquo": 0x203A, "oline": 0x203E, "frasl": 0x2044, "euro": 0x20AC,
        "image": 0x2111, "weierp": 0x2118, "real": 0x211C, "trade": 0x2122, "alefsym": 0x2135, "larr": 0x2190,
        "uarr": 0x2191, "rarr": 0x2192, "darr": 0x2193, "harr": 0x2194, "crarr": 0x21B5, "lArr": 0x21D0,
        "uArr": 0x21D1, "rArr": 0x21D2, "dArr": 0x21D3, "hArr": 0x21D4, "forall": 0x2200, "part": 0x2202,
        "exist": 0x2203, "empty": 0x2205, "nabla": 0x2207, "isin": 0x2208, "notin": 0x2209, "ni": 0x220B,
        "prod": 0x220F, "sum": 0x2211, "minus": 0x2212, "lowast": 0x2217, "radic": 0x221A, "prop": 0x221D,
        "infin": 0x221E, "ang": 0x2220, "and": 0x2227, "or": 0x2228, "cap": 0x2229, "cup": 0x222A, "int": 0x222B,
        "there4": 0x2234, "sim": 0x223C, "cong": 0x2245, "asymp": 0x2248, "ne": 0x2260, "equiv": 0x2261, "le": 0x2264,
        "ge": 0x2265, "sub": 0x2282, "sup": 0x2283, "nsub": 0x2284, "sube": 0x2286, "supe": 0x2287, "oplus": 0x2295,
        "otimes": 0x2297, "perp": 0x22A5, "sdot": 0x22C5, "lceil": 0x2308, "rceil": 0x2309, "lfloor": 0x230A,
        "rfloor": 0x230B, "loz": 0x25CA, "lang": 0x27E8, "rang": 0x27E9, "spades": 0x2660, "clubs": 0x2663,
        "hearts": 0x2665, "diams": 0x2666,
        "Tab": 0x09, "NewLine": 0x0A, "excl": 0x21, "num": 0x23, "dollar": 0x24, "percnt": 0x25, "lpar": 0x28,
        "rpar": 0x29, "ast": 0x2A, "plus": 0x2B, "comma": 0x2C, "period": 0x2E, "sol": 0x2F, "colon": 0x3A,
        "semi": 0x3B, "equals": 0x3D, "quest": 0x3F, "commat": 0x40, "lbrack": 0x5B, "lsqb": 0x5B, "bsol": 0x5C,
        "rbrack": 0x5D, "rsqb": 0x5D, "Hat": 0x5E, "lowbar": 0x5F, "grave": 0x60, "lbrace": 0x7B, "lcub": 0x7B,
        "verbar": 0x7C, "vert": 0x7C, "rbrace": 0x7D, "rcub": 0x7D, "hyphen": 0x2010, "dash": 0x2010,
    ]

    private static let scalars: [[UInt8]: UInt32] = {
        var scalars: [[UInt8]: UInt32] = [:]
        for (names, first) in [(latin, UInt32(0xA1)), (greek, 0x391)] {
            for (offset, name) in names.split(separator: " ").enumerated() where name != "-" {
                scalars[Array(name.utf8)] = first + UInt32(offset)
            }
        }
        for (name, scalar) in others { scalars[Array(name.utf8)] = scalar }
        return scalars
    }()

    static let longestName = 8
}
