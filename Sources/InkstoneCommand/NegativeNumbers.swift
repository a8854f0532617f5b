/// Negative numbers as values of flags: `--seed -1`.
///
/// The parser takes what begins with a dash for a flag and says that the value is missing; with `--seed=-1` it comes to
/// the check of the number, which says what is wrong with it.
enum NegativeNumbers {
    /// The arguments with each negative number joined to the long flag before it.
    static func joined(_ arguments: [String]) -> [String] {
        var result: [String] = []
        for (index, argument) in arguments.enumerated() {
            // Behind `--` nothing is a flag.
            if argument == "--" { return result + arguments[index...] }
            if argument.hasPrefix("-"), Double(argument) != nil, let flag = result.last, flag.hasPrefix("--"),
                !flag.contains("=")
            {
                result[result.count - 1] = "\(flag)=\(argument)"
            } else {
                result.append(argument)
            }
        }
        return result
    }
}
