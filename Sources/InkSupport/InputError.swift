/// An error in something that came from outside: a file, a flag, a setting.
///
/// It always says where, what was wrong, and what to do. The command line prints its description, in which long values
/// are shortened and control characters shown as escapes, and exits with `kind.exitCode`.
public struct InputError: Error, Equatable, Sendable {
    /// What sort of input was wrong; decides the exit code.
    public enum Kind: Sendable {
        /// A flag or a setting: exit code 2.
        case usage
        /// A data file or a checkpoint: exit code 3.
        case data
        /// The run itself failed (disk full, NaN loss, interrupted): exit code 1.
        case run

        /// The exit code of the command line.
        public var exitCode: Int32 {
            switch self {
            case .run: 1
            case .usage: 2
            case .data: 3
            }
        }
    }

    /// What sort of input was wrong.
    public var kind: Kind
    /// Where: `train.txt:17`, `config.json: hidden_size`, `model.safetensors: bert.pooler.dense.weight`, `--epochs`.
    public var location: String
    /// What is wrong, in one clause.
    public var problem: String
    /// What should stand there.
    public var expected: String?
    /// What stands there.
    public var found: String?
    /// What the user can do about it.
    public var remedy: String?

    public init(
        _ kind: Kind = .data, at location: String, _ problem: String, expected: String? = nil, found: String? = nil,
        remedy: String? = nil
    ) {
        self.kind = kind
        self.location = location
        self.problem = problem
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }
}

extension InputError: CustomStringConvertible {
    public var description: String {
        func part(_ name: String, _ value: String?, _ width: Int) -> String {
            value.map { "\n  \(name) \(ShownText.start(of: $0, width: width))" } ?? ""
        }
        return "\(ShownText.ends(of: location, width: 240)): \(ShownText.start(of: problem, width: 400))"
            + part("expected:", expected, 320) + part("found:   ", found, 240) + part("remedy:  ", remedy, 480)
    }
}
