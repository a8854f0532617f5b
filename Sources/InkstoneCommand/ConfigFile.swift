import ArgumentParser
import Foundation
import InkSupport
import Yams

/// A command whose flags may also stand in a YAML file given with `--config`.
protocol ConfigurableCommand: ParsableCommand {
    var config: String? { get }
}

/// `--config FILE.yaml`: long flag names as keys. The command line wins over the file.
///
/// A flag that may be repeated takes a value or a list, one of `name=value` also a map.
struct ConfigFile {
    private let path: String
    private let pairs: [(key: String, mark: Mark?, value: Node)]

    /// Parses the program's arguments, with those of a configuration file put before them.
    /// - Throws: what the parser throws, and `InputError` for a file that cannot be used.
    static func command(from arguments: [String]) throws -> any ParsableCommand {
        let command = try RootCommand.parseAsRoot(arguments)
        guard let configurable = command as? any ConfigurableCommand, let path = configurable.config else {
            return command
        }
        let file = try ConfigFile(contentsOf: path)
        // Of a flag given twice the parser takes the last: the verb, the file's flags, the command line's.
        let flags = try file.arguments(for: type(of: configurable))
        let name = type(of: configurable).configuration.commandName ?? ""
        guard let verb = arguments.firstIndex(of: name) else { return command }
        do {
            return try RootCommand.parseAsRoot(Array(arguments[...verb]) + flags + arguments[(verb + 1)...])
        } catch {
            // The command line alone was fine, so it is a value of the file.
            throw InputError(.usage, at: path, RootCommand.message(for: error), remedy: "correct the file")
        }
    }

    /// - Throws: `InputError` when the file cannot be read or is no map from names to values.
    init(contentsOf path: String) throws {
        self.path = path
        let text = try SettingsText.read(path, at: "--config \(path)")
        guard let root = try SettingsText.compose(text, at: path) else {
            pairs = []
            return
        }
        guard case .mapping(let mapping) = root else {
            throw InputError(
                .usage, at: path, "holds no settings", expected: "one `flag: value` a line, such as `epochs: 3`")
        }
        pairs = mapping.map { key, value in (key.string ?? "", key.mark, value) }
    }

    private func arguments(for command: any ParsableCommand.Type) throws -> [String] {
        let known = FlagNames(command)
        return try pairs.flatMap { key, mark, value in
            let place = mark.map { "\(path):\($0.line): \(key)" } ?? "\(path): \(key)"
            guard let flag = known.flags[key] else { throw known.unknown(key, at: place) }
            return try Self.arguments("--\(key)", flag, value, place)
        }
    }

    private static func arguments(
        _ name: String, _ flag: FlagNames.Flag, _ value: Node, _ place: String
    ) throws -> [String] {
        switch (flag.kind, value) {
        case (.flag, .scalar):
            guard let isOn = value.bool else {
                throw InputError(
                    .usage, at: place, "is switched on or off", expected: "true or false", found: value.string)
            }
            return isOn ? [name] : []
        case (.option, .scalar): return ["\(name)=\(try text(of: value, place))"]
        case (.option, .sequence(let values)) where flag.isRepeated:
            return try values.map { "\(name)=\(try text(of: $0, place))" }
        case (.option, .mapping(let pairs)) where flag.takesPairs:
            return try pairs.map { "\(name)=\(try text(of: $0.key, place))=\(try text(of: $0.value, place))" }
        default:
            throw InputError(
                .usage, at: place, "takes one value",
                expected: flag.isRepeated ? "a value, or a list of values" : nil, found: "a list or a map")
        }
    }

    private static func text(of value: Node, _ place: String) throws -> String {
        guard case .scalar(let scalar) = value else {
            throw InputError(
                .usage, at: place, "a value in it is no single value", found: "a list or a map inside of the value")
        }
        guard value.null == nil || scalar.style != .plain else {
            throw InputError(.usage, at: place, "has no value", remedy: "give a value, or remove the line")
        }
        return scalar.string
    }
}

/// The long flags of a command, as its parser knows them.
private struct FlagNames {
    enum Kind: String, Decodable {
        case positional, option, flag
    }

    private struct Dump: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }
        struct Argument: Decodable {
            let kind: Kind
            let names: [Name]?
            let isRepeating: Bool?
            let valueName: String?
        }
        struct Command: Decodable {
            let arguments: [Argument]?
        }
        let command: Command
    }

    /// Flags that have no place in a file.
    private static let excluded: Set = ["config", "help", "version"]

    struct Flag {
        let kind: Kind
        /// Whether the flag may be given several times.
        let isRepeated: Bool
        /// Whether its values are `name=value`.
        let takesPairs: Bool
    }

    let flags: [String: Flag]

    init(_ command: any ParsableCommand.Type) {
        let dump = try? JSONDecoder().decode(Dump.self, from: Data(command._dumpHelp().utf8))
        var flags: [String: Flag] = [:]
        for argument in dump?.command.arguments ?? [] {
            for name in argument.names ?? [] where name.kind == "long" && !Self.excluded.contains(name.name) {
                let isRepeated = argument.isRepeating == true
                flags[name.name] = Flag(
                    kind: argument.kind, isRepeated: isRepeated,
                    takesPairs: isRepeated && argument.valueName?.contains("=") == true)
            }
        }
        self.flags = flags
    }

    func unknown(_ key: String, at place: String) -> InputError {
        let meant = CloseMatches.of(key, among: flags.keys.sorted(), limit: 1).first
        return InputError(
            .usage, at: place, "there is no such setting",
            expected: meant == nil ? "one of \(flags.keys.sorted().joined(separator: ", "))" : nil,
            remedy: meant.map { "did you mean \($0)?" })
    }
}
