import Foundation
import InkCheckpoint
import InkSupport
import InkTestSupport
import Testing

@Suite struct ModelConfigFileTests {
    private static let text = """
        {
          "model_type": "ernie",
          "layer_norm_eps": 1e-12,
          "hidden_size": 768,
          "dropout": 0.1,
          "use_task_id": true,
          "classifier_dropout": null,
          "id2label": {
            "0": "体育",
            "1": "a \\"b\\" \\u0001"
          },
          "sizes": [
            1,
            2
          ],
          "empty": [],
          "unknown_field": {
            "deep": -0.5
          }
        }

        """

    private static func config(_ text: String) throws -> ModelConfigFile {
        let value = try JSONValue(parsing: text, location: "config.json")
        guard case .object(let fields) = value else { throw InputError(at: "config.json", "no object") }
        return ModelConfigFile(fields, path: "config.json")
    }

    @Test func fieldsHaveTheirTypes() throws {
        let config = try Self.config(Self.text)
        #expect(try config.value("hidden_size", Int.self) == 768)
        #expect(try config.value("layer_norm_eps", Double.self) == 1e-12)
        #expect(try config.value("hidden_size", Double.self) == 768)
        #expect(try config.value("model_type", String.self) == "ernie")
        #expect(try config.value("use_task_id", Bool.self))
        #expect(try config.value("sizes", [Int].self) == [1, 2])
        #expect(try config.value("id2label", [String: String].self) == ["0": "体育", "1": "a \"b\" \u{1}"])
        #expect(try config.optional("classifier_dropout", Double.self) == nil)
        #expect(try config.section("unknown_field")?.value("deep", Double.self) == -0.5)
        #expect(config.has("hidden_size") && !config.has("classifier_dropout") && !config.has("absent"))
    }

    @Test func errorsNameFileFieldExpectedAndFound() throws {
        let config = try Self.config(Self.text)
        let wrong = try #require(throws: InputError.self) { _ = try config.value("dropout", Int.self) }
        #expect(wrong.location == "config.json: dropout")
        #expect(wrong.expected == "a whole number")
        #expect(wrong.found == "0.1")
        let absent = try #require(throws: InputError.self) { _ = try config.value("vocab_size", Int.self) }
        #expect(absent.location == "config.json: vocab_size")
        #expect(absent.problem.contains("missing"))
        let nested = try #require(throws: InputError.self) {
            _ = try config.section("unknown_field")?.value("deep", Int.self)
        }
        #expect(nested.location == "config.json: unknown_field: deep")
    }

    @Test func unknownFieldsAreWrittenBackUnchanged() throws {
        var config = try Self.config(Self.text)
        #expect(config.text == Self.text)
        config.set("hidden_size", .number("312"))
        config.set("empty", nil)
        let expected = Self.text.replacingOccurrences(of: "768", with: "312")
            .replacingOccurrences(of: "  \"empty\": [],\n", with: "")
        #expect(config.text == expected)
    }

    /// Foundation's own reader agrees on the files of the fixtures.
    @Test(arguments: ["legacy-f16", "safetensors-f32", "zip-sharded"])
    func writtenFilesMeanTheSame(_ name: String) throws {
        let config = try ModelConfigFile(contentsOf: Fixture.url(name))
        let written = try JSONSerialization.jsonObject(with: Data(config.text.utf8)) as? NSDictionary
        let original = try JSONSerialization.jsonObject(with: Fixture.data("\(name)/config.json")) as? NSDictionary
        #expect(written == original)
        #expect(try config.value("hidden_size", Int.self) == 16)
    }

    @Test func folderWithoutConfigurationIsAnError() throws {
        try withTemporaryFolder { folder in
            #expect(try #require(throws: InputError.self) { _ = try ModelConfigFile(contentsOf: folder) }.remedy != nil)
            try Data("{\"hidden_size\": 8}".utf8).write(to: folder.appending(path: "ernie_config.json"))
            #expect(try ModelConfigFile(contentsOf: folder).value("hidden_size", Int.self) == 8)
        }
    }
}
