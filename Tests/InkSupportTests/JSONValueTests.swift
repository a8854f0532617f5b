import InkSupport
import Testing

@Suite struct JSONValueTests {
    private func failure(_ text: String) throws -> InputError {
        try #require(throws: InputError.self) { try JSONValue(parsing: text, location: "config.json") }
    }

    @Test(arguments: [
        "", "{", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":+1}", "{\"a\":NaN}",
        "{\"a\":1}}", "{\"a\":\"\u{1}\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\u12\"}", "{\"a\":tru}",
        "{\"a\":1,\"a\":1}", "[1,2", "{a:1}", "\"open",
    ])
    func malformedTextIsRefused(_ text: String) throws {
        #expect(try failure(text).location == "config.json:1")
    }

    @Test func errorsNameTheLine() throws {
        let error = try failure("{\n\"a\": 1,\n\"a\": 2}")
        #expect(error.location == "config.json:3")
        #expect(error.problem.contains("`a` occurs twice"))
    }

    @Test func escapesAreRead() throws {
        let value = try JSONValue(parsing: #""a\ud83d\ude00\n中\t\/\\\"\u4e2d.""#, location: "")
        #expect(value == .string("a😀\n中\t/\\\"中."))
    }

    @Test func bytesAreCheckedAndAMarkIsSkipped() throws {
        #expect(try JSONValue(parsing: [0xEF, 0xBB, 0xBF] + "[null]".utf8, location: "") == .array([.null]))
        let cut: [UInt8] = [0x22, 0xE4, 0xB8, 0x22]
        #expect(throws: InputError.self) { try JSONValue(parsing: cut, location: "") }
    }

    @Test func veryDeepTextIsRefused() throws {
        let text = String(repeating: "[", count: 100_000)
        #expect(try failure(text).problem.contains("nested"))
    }

    @Test func orderAndSpellingAreKept() throws {
        let text = #"{"b":1e-12,"a":[768,-0.50,true],"":{},"c":"\u0001\"\\"}"#
        #expect(try JSONValue(parsing: text, location: "").serialized(indented: false) == text)
    }

    @Test func namesAreToldApartByTheirCodePoints() throws {
        let value = try JSONValue(parsing: "{\"caf\\u00e9\": 1, \"cafe\\u0301\": 2}", location: "test")
        guard case .object(let object) = value else {
            Issue.record("not an object")
            return
        }
        #expect(object.names.count == 2)
        #expect(object["caf\u{E9}"] == .number("1"))
        #expect(object["cafe\u{301}"] == .number("2"))
    }
}
