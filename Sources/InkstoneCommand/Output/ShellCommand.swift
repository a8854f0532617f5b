/// A command as one could type it again.
enum ShellCommand {
    static func text(_ arguments: [String]) -> String {
        let name = arguments.first.map { $0.split(separator: "/").last.map(String.init) ?? $0 } ?? "inkstone"
        return ([name] + arguments.dropFirst().map(quoted)).joined(separator: " ")
    }

    /// The argument, in single quotes where a shell would read it otherwise.
    private static func quoted(_ argument: String) -> String {
        let isPlain =
            !argument.isEmpty
            && argument.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "-_./=:,+@%".unicodeScalars.contains(scalar)
            }
        return isPlain
            ? argument
            : "'"
                + argument.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "'\\''") + "'"
    }
}
