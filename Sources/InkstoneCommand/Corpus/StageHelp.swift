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

    /// A line for each setting, or two where the name is long.
    static func settings(of kind: StageKind, prefix: String) -> String {
        let column = 24
        return kind.settings.map { setting in
            let left = "\(prefix)\(setting.name) \(setting.value)"
            let gap =
                left.count + 2 > column
                ? "\n" + String(repeating: " ", count: column) : String(repeating: " ", count: column - left.count)
            return left + gap + setting.help
        }.joined(separator: "\n")
    }
}
