import InkModels
import InkSupport
import InkTensor
import Testing

/// What came from outside is checked before any kernel sees it.
@Suite struct ModelInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let ids: [Int32]
        var types: [Int32]?
        let problem: String
        let found: String?
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "id beyond the table", ids: [4, 1000, 5], problem: "token id", found: "1000"),
        Case(name: "largest id", ids: [4, .max, 5], problem: "token id", found: "2147483647"),
        Case(name: "negative id", ids: [4, -1, 5], problem: "token id", found: "-1"),
        Case(
            name: "too long", ids: [Int32](repeating: 4, count: 41),
            problem: "more tokens than the model has positions",
            found: "41"),
        Case(name: "empty", ids: [], problem: "no tokens", found: nil),
        Case(name: "token type", ids: [4, 6, 5], types: [0, 0, 2], problem: "token type", found: "2"),
        Case(name: "negative token type", ids: [4, 6, 5], types: [0, -7, 0], problem: "token type", found: "-7"),
    ]

    @Test(arguments: cases)
    func refusesWhatDoesNotFit(example: Case) throws {
        let (model, _) = try ModelFixture("bert-gelu").classifier(.inference)
        let types = example.types ?? [Int32](repeating: 0, count: example.ids.count)
        let input = EncoderInput([[4, 5], example.ids, [4, 5]], tokenTypeIDs: [[0, 0], types, [0, 0]])
        let entrances: [(Pass) throws -> Void] = [
            { _ = try model(input, $0) }, { _ = try model.encoder(input, $0) },
            { _ = try model.encoder.allHiddenStates(input, $0) }, { _ = try model.encoder.firstTokenStates(input, $0) },
        ]
        for entrance in entrances {
            let error = try #require(throws: InputError.self) { try entrance(.inference()) }
            #expect(error.location == "text 2")
            #expect(error.problem.contains(example.problem))
            #expect(error.found == example.found)
        }
    }

    @Test func acceptsTheLimits() throws {
        let (model, _) = try ModelFixture("bert-gelu").classifier(.inference)
        let last = Int32(model.encoder.config.vocabularySize - 1)
        let input = EncoderInput(
            [[Int32](repeating: last, count: 40)], tokenTypeIDs: [[Int32](repeating: 1, count: 40)])
        #expect(try model(input, .inference()).isFinite)
    }
}
