import ArgumentParser
import Foundation

/// The program: parses the arguments, runs the verb, turns what goes wrong into a message and an exit code.
@main
enum Main {
    static func main() {
        // A closed pipe is reported by the write that finds it; training must not die of a closed progress line.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try ConfigFile.command(
                from: NegativeNumbers.joined(Array(CommandLine.arguments.dropFirst())))
            try command.run()
        } catch {
            exit(Failure.report(error))
        }
    }
}
