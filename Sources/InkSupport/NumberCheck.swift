/// Numbers that come from outside: a flag, a setting, a field of a file.
package enum NumberCheck {
    /// A number that lies in a range; one that is no number (`nan`) lies in none.
    /// - Parameter location: the flag or setting, for the message.
    /// - Throws: `InputError` naming the range.
    @discardableResult
    package static func require<Value: Comparable & Sendable>(
        _ value: Value, in range: ClosedRange<Value>, at location: String, kind: InputError.Kind = .usage
    ) throws -> Value {
        guard range.contains(value) else {
            throw InputError(
                kind, at: location, "the value is out of range",
                expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(value)")
        }
        return value
    }

    /// The nearest whole number towards zero; the largest or smallest there is for numbers beyond, 0 for no number.
    package static func whole(_ value: Double) -> Int {
        if value.isNaN { return 0 }
        return Int(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
    }
}
