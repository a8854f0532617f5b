import InkSupport

/// A choice that only one task offers: `--task-option NAME=VALUE`.
public struct TaskOption: Sendable, Equatable {
    public let name: String
    /// What holds where the user says nothing.
    public let fallback: String
    /// What it decides, a line.
    public let meaning: String
    /// The values it may have; empty for any text.
    public let values: [String]

    public init(_ name: String, default fallback: String, _ meaning: String, values: [String] = []) {
        self.name = name
        self.fallback = fallback
        self.meaning = meaning
        self.values = values
    }
}

/// The values of a task's options, all of them.
public struct TaskOptionValues: Sendable, Equatable {
    private let values: [String: String]

    /// - Throws: `InputError` for an option the task does not have, or a value it cannot have.
    init(_ given: [String: String], for task: TaskName) throws {
        let options = task.options
        var values = Dictionary(uniqueKeysWithValues: options.map { ($0.name, $0.fallback) })
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            guard let option = options.first(where: { $0.name == name }) else {
                let close = CloseMatches.of(name, among: options.map(\.name))
                throw InputError(
                    .usage, at: "--task-option \(name)", "the task \(task.rawValue) has no such option",
                    expected: options.isEmpty ? "none" : options.map(\.name).joined(separator: ", "),
                    remedy: close.first.map { "did you mean \($0)?" })
            }
            guard option.values.isEmpty || option.values.contains(value) else {
                throw InputError(
                    .usage, at: "--task-option \(name)", "no such value",
                    expected: option.values.joined(separator: ", "), found: value)
            }
            values[name] = value
        }
        self.values = values
    }

    /// The value of an option of the task.
    public subscript(name: String) -> String { values[name] ?? "" }

    /// The value of an option that is a number in `range`.
    /// - Throws: `InputError` when it is none.
    public func number(_ name: String, in range: ClosedRange<Double>) throws -> Double {
        guard let value = Double(self[name]), range.contains(value) else {
            throw InputError(
                .usage, at: "--task-option \(name)", "out of range",
                expected: "\(range.lowerBound) to \(range.upperBound)", found: self[name])
        }
        return value
    }
}
