import ArgumentParser
import InkCorpus
import InkSupport

/// What people read of a stage: its summary and its settings.
enum StageHelp {
    static func configuration(of kind: StageKind) -> CommandConfiguration {
        CommandConfiguration(
            commandName: kind.name, abstract: kind.summary.prefix(1).uppercased() + kind.summary.dropFirst() + ".",
            discussion: "Settings:\n" + settings(of: kind, prefix: "  --"))
    }

    /// A line for each setting, or more where they are long: names on the left, what they mean on the right.
    static func settings(of kind: StageKind, prefix: String) -> String {
        let (column, width) = (24, 80)
        let indent = String(repeating: " ", count: column)
        return kind.settings.map { setting in
            let left = "\(prefix)\(setting.name) \(setting.value)"
            var lines = wrap(setting.help, width: width - column).map { indent + $0 }
            if left.count + 2 > column {
                lines.insert(left, at: 0)
            } else {
                lines[0] = left + lines[0].dropFirst(left.count)
            }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// Lines of at most so many letters, cut between words; at least one.
    private static func wrap(_ text: String, width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
