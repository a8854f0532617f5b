/// Shortens runs of one character (ERNIE 3.0: consecutive identical characters become one), to what `RunLimits` allows.
struct RunRule: CleaningRule {
    let name = "runs"
    let triggers: TextFeatures = .run
    let limits: RunLimits

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
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
                let allowed = limits.most(of: Scalars.scalar(text, position))
                if number > allowed { edits.remove(position + allowed * length..<end, of: text) }
            }
            position = end
        }
    }
}
