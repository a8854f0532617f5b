import Foundation
import InkSupport
import Testing

@Suite struct RecordCodingTests {
    @Test(arguments: [true, false])
    func numbersWithoutASpellingInJSONAreReadBack(indented: Bool) throws {
        let values = ["b": -Double.infinity, "a": .infinity, "c": 0.5]
        let data = try RecordCoding.encoder(indented: indented).encode(values)
        #expect(try RecordCoding.decoder().decode([String: Double].self, from: data) == values)
        let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
        #expect(text == #"{"a":"inf","b":"-inf","c":0.5}"#)
        let notANumber = try RecordCoding.decoder().decode([Double].self, from: Data(#"["nan"]"#.utf8))
        #expect(notANumber[0].isNaN)
    }
}
