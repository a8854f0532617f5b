/// Tokens and their ids as one file gives them, before tokens are added.
protocol TokenTable: Sendable {
    /// Where it came from, for errors.
    var location: String { get }
    /// Number of ids.
    var count: Int { get }
    func id(of token: String) -> Int32?
    func token(of id: Int32) -> String?
    /// Whether the file gives the token more than one id.
    func isRepeated(_ token: String) -> Bool
}
