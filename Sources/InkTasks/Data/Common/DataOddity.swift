import InkSupport

/// Something in a data file that is not as it should be and that a reader went on with: counted, with the first place
/// and what was made of it, so that nothing is dropped or changed unseen.
public struct DataOddity: Codable, Equatable, Sendable, CustomStringConvertible {
    /// What is odd, in one clause.
    public var problem: String
    /// What the reader did: "left out", "read as …".
    public var treatment: String
    /// How often it occurs.
    public var count: Int
    /// File, line and field of the first one.
    public var firstLocation: String
    /// What stands there.
    public var example: String

    /// One line for a report.
    public var description: String {
        "\(ShownText.start(of: problem, width: 240)): \(count), \(treatment); the first at "
            + "\(ShownText.ends(of: firstLocation, width: 240)): \(ShownText.start(of: example, width: 120))"
    }
}

extension [DataOddity] {
    /// The error for a file of which nothing is left, with the first place of what was left out; nil when nothing was.
    func nothingLeft(_ problem: String) -> InputError? {
        guard let first = first(where: { $0.treatment.hasPrefix("left out") }) else { return nil }
        return InputError(
            at: first.firstLocation, "\(problem), for all were left out; \(first.problem): \(first.count)",
            found: first.example, remedy: "correct the file: the first place is named here")
    }
}

/// Counts oddities by problem and treatment, in the order of their first appearance.
package struct OddityCounter {
    package private(set) var oddities: [DataOddity] = []
    private var indices: [String: Int] = [:]

    package init() {}

    /// Counts one more of a problem; the first one's place and example stay.
    package mutating func note(
        _ problem: String, _ treatment: String, at location: @autoclosure () -> String,
        example: @autoclosure () -> String, count: Int = 1
    ) {
        guard count > 0 else { return }
        let key = problem + "\u{0}" + treatment
        if let index = indices[key] {
            oddities[index].count += count
        } else {
            indices[key] = oddities.count
            oddities.append(
                DataOddity(
                    problem: problem, treatment: treatment, count: count, firstLocation: location(),
                    example: example()))
        }
    }
}
