/// How often one character may follow on itself.
struct RunLimits: Sendable {
    /// Characters that stay of a run of one mark, symbol or space.
    var mark = 1
    /// Characters that stay of a run of one Chinese character or other letter.
    var letter = 2
    /// Marks that are written twice: … ⋯ – — ― ─.
    private static let doubled: [UInt32] = [0x2026, 0x22EF, 0x2013, 0x2014, 0x2015, 0x2500]
    private let classes = ScalarClass.table

    init(mark: Int = 1, letter: Int = 2) {
        self.mark = mark
        self.letter = letter
    }

    /// The characters that stay of a run; `.max` where runs have a meaning.
    ///
    /// The letter of the ERNIE 3.0 paper (runs become one character) would turn 谢谢 into 谢 and 2000 into 20, so the limits
    /// differ by what the character is:
    /// - digits and Latin letters stay;
    /// - Chinese and other letters are cut to `letter`;
    /// - sentence marks, symbols and spaces are cut to `mark`, but … and the dashes are written twice, so two of them stay;
    /// - other ASCII marks, which mean something when doubled (`--`, `==`, `...`), are cut to three where there are more;
    /// - line ends are cut to two, an empty line.
    func most(of scalar: UInt32) -> Int {
        if scalar < 0x80 {
            switch UInt8(scalar) {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return .max
            case UInt8(ascii: "\n"): return 2
            case UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "~"), 0x20,
                0x09:
                return mark
            default: return max(3, mark)
            }
        }
        switch scalar < 0x10000 ? classes[Int(scalar)] : ScalarClass.of(scalar).rawValue {
        case ScalarClass.digit.rawValue: return .max
        case ScalarClass.hanzi.rawValue, ScalarClass.letter.rawValue: return letter
        default: return Self.doubled.contains(scalar) ? max(2, mark) : mark
        }
    }
}
