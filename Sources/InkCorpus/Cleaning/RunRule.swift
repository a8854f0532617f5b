/// Shortens runs of one character (ERNIE 3.0: consecutive identical characters become one).
///
/// The letter of the paper would turn 谢谢 into 谢 and 2000 into 20, so the limits differ by what the character is:
/// - digits and Latin letters stay;
/// - Chinese and other letters are cut to `letterRun`;
/// - sentence marks, symbols and spaces are cut to `markRun`, but … and — are written twice, so two of them stay;
/// - other ASCII marks, which mean something when doubled (`--`, `==`, `...`), are cut to three where there are more;
/// - line ends are cut to two, an empty line.
struct RunRule: CleaningRule {
    let name = "runs"
    let markRun: Int
    let letterRun: Int
    private let table = ScalarClass.table
    private let sentenceMarks = ByteSet("!?,;~ \t")

    func apply(to text: [UInt8], _ edits: inout TextEdits) {
        var position = 0
        let count = text.count
        while position < count {
            let length = Scalars.length(text[position])
            var end = position + length
            // The run goes on as long as each byte equals the one a character before.
            guard end < count, text[end] == text[position], text[end + length - 1] == text[end - 1] else {
                position = end
                continue
            }
            while end < count, text[end] == text[end - length] { end += 1 }
            end -= (end - position) % length
            let number = (end - position) / length
            if number > 1 {
                let allowed = limit(text, position)
                if number > allowed { edits.remove(position + allowed * length..<end, of: text) }
            }
            position = end
        }
    }

    private func limit(_ text: [UInt8], _ position: Int) -> Int {
        let byte = text[position]
        if byte < 0x80 {
            if ByteSet.alphanumerics.contains(byte) { return .max }
            if byte == UInt8(ascii: "\n") { return 2 }
            return sentenceMarks.contains(byte) ? markRun : max(3, markRun)
        }
        let scalar = Scalars.scalar(text, position)
        switch scalar < 0x10000 ? table[Int(scalar)] : ScalarClass.of(scalar).rawValue {
        case ScalarClass.digit.rawValue: return .max
        case ScalarClass.hanzi.rawValue, ScalarClass.letter.rawValue: return letterRun
        default: return scalar == 0x2026 || scalar == 0x2014 ? max(2, markRun) : markRun
        }
    }
}
