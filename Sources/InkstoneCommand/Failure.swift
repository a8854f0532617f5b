import ArgumentParser
import Foundation
import InkSupport

/// What the user sees when a command ends early, and with which exit code.
enum Failure {
    /// Reports an error that ended a command, and gives the exit code of the process.
    static func report(_ error: any Error) -> Int32 {
        switch error {
        // The command ends quietly.
        case is ClosedOutput: return 0
        case let error as InputError:
            Note.write("error: \(error)")
            return error.kind.exitCode
        case let code as ExitCode: return code.rawValue
        default: break
        }
        let code = RootCommand.exitCode(for: error)
        if code.isSuccess {
            // Help and version, asked for.
            print(RootCommand.fullMessage(for: error))
            return 0
        }
        let message = RootCommand.fullMessage(for: error)
        let isUsage = code == .validationFailure
        let text = message.hasPrefix("Error: ") ? String(message.dropFirst("Error: ".count)) : message
        Note.write("error: \(text)")
        return isUsage ? InputError.Kind.usage.exitCode : InputError.Kind.run.exitCode
    }
}
