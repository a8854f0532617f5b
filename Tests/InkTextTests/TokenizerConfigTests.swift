import Foundation
import InkSupport
import InkTestSupport
import InkText
import Testing

@Suite struct TokenizerConfigTests {
    private func open<Result>(
        _ files: [String: String], _ body: (URL) throws -> Result
    ) throws -> Result {
        try withTemporaryFolder { folder in
            for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
            return try body(folder)
        }
    }

    private func config(_ files: [String: String]) throws -> TokenizerConfig {
        try open(files) { try TokenizerConfig(contentsOf: $0) }
    }

    private func failure(_ files: [String: String]) throws -> InputError {
        try open(files) { folder in
            try #require(throws: InputError.self) { try TokenizerConfig(contentsOf: folder) }
        }
    }

    @Test func absentFilesLeaveTheDefaults() throws {
        #expect(try config([:]) == TokenizerConfig())
        #expect(TokenizerConfig().normalization.stripsAccents)
    }

    @Test func fieldsAreHonoured() throws {
        let config = try config([
            "tokenizer_config.json": """
            {"do_lower_case": false, "strip_accents": null, "tokenize_chinese_chars": false, "model_max_length": 512,
             "unk_token": {"__type": "AddedToken", "content": "<unk>", "lstrip": true, "normalized": false},
             "mask_token": null, "truncation_side": "left", "tokenizer_class": "BertTokenizer",
             "additional_special_tokens": ["[X]", {"content": "[Y]", "single_word": true}],
             "added_tokens_decoder": {"7": {"content": "new", "special": false, "rstrip": true}}, "other": [1, 2.5]}
            """
        ])
        #expect(!config.normalization.lowercases)
        #expect(!config.normalization.stripsAccents)
        #expect(!config.normalization.separatesIdeographs)
        #expect(config.modelMaxLength == 512)
        #expect(config.unknown == AddedToken("<unk>", stripsLeft: true))
        #expect(config.mask == nil)
        #expect(config.truncatesLeft)
        #expect(config.additionalSpecialTokens == [AddedToken("[X]"), AddedToken("[Y]", singleWord: true)])
        let added = AddedToken("new", stripsRight: true, isNormalized: true, isSpecial: false)
        #expect(config.addedTokens == [7: added])
    }

    @Test func veryLargeLengthsAreNoBound() throws {
        for (length, expected) in [("1e30", nil), ("1000000000000000019884624838656", nil), ("2048", 2048)] {
            let text = "{\"model_max_length\": \(length)}"
            #expect(try config(["tokenizer_config.json": text]).modelMaxLength == expected)
        }
    }

    @Test func olderFilesAreRead() throws {
        let config = try config([
            "special_tokens_map.json": #"{"cls_token": "<s>", "additional_special_tokens": ["[X]"]}"#,
            "added_tokens.json": #"{"词": 10, "[X]": 11}"#,
        ])
        #expect(config.classification.content == "<s>")
        #expect(config.addedTokens[10] == AddedToken("词", isNormalized: true, isSpecial: false))
        #expect(config.addedTokens[11] == AddedToken("[X]"))
    }

    @Test func errorsNameFileAndField() throws {
        let wrong: [(String, String)] = [
            (#"{"do_lower_case": "yes"}"#, "do_lower_case"), (#"{"strip_accents": 1}"#, "strip_accents"),
            (#"{"model_max_length": -1}"#, "model_max_length"), (#"{"model_max_length": 1.5}"#, "model_max_length"),
            (#"{"model_max_length": "long"}"#, "model_max_length"), (#"{"unk_token": null}"#, "unk_token"),
            (#"{"sep_token": {"text": "x"}}"#, "sep_token"),
            (#"{"pad_token": {"content": "x", "lstrip": 1}}"#, "lstrip"),
            (#"{"additional_special_tokens": "x"}"#, "additional_special_tokens"),
            (#"{"added_tokens_decoder": {"x": {"content": "a"}}}"#, "added_tokens_decoder.x"),
            (#"{"added_tokens_decoder": {"3": "a"}}"#, "added_tokens_decoder.3"),
            (#"{"tokenizer_class": "XLNetTokenizer"}"#, "tokenizer_class"),
            (#"{"truncation_side": "up"}"#, "truncation_side"), ("[1]", "tokenizer_config.json"),
            ("{", "tokenizer_config.json"), ("", "tokenizer_config.json"),
        ]
        for (text, field) in wrong {
            let error = try failure(["tokenizer_config.json": text])
            #expect(error.location.contains("tokenizer_config.json"))
            #expect(error.location.contains(field), "\(text)")
        }
        #expect(try failure(["added_tokens.json": #"{"a": "b"}"#]).location.contains("added_tokens.json"))
        let contradiction = try failure([
            "tokenizer_config.json": #"{"unk_token": "[UNK]"}"#, "special_tokens_map.json": #"{"unk_token": "<unk>"}"#,
        ])
        #expect(contradiction.location.contains("special_tokens_map.json: unk_token"))
    }

    @Test func addedTokensMustAgreeWithTheVocabulary() throws {
        let vocabulary = try Vocabulary(tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"])
        for (id, content) in [(Int32(4), "[CLS]"), (5, "b"), (9, "a")] {
            var config = TokenizerConfig()
            config.addedTokens = [id: AddedToken(content)]
            #expect(throws: InputError.self) { try BertTokenizer(vocabulary: vocabulary, config: config) }
        }
        var config = TokenizerConfig()
        config.addedTokens = [6: AddedToken("新", isNormalized: true, isSpecial: false)]
        let tokenizer = try BertTokenizer(vocabulary: vocabulary, config: config)
        #expect(tokenizer.idCount == 7)
        #expect(tokenizer.token(of: 6) == "新")
        #expect(try tokenizer.encode("a新a").ids == [2, 5, 6, 5, 3])
    }

    @Test func aFolderOpens() throws {
        let files = [
            "vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\n中\nB\n", "tokenizer_config.json": #"{"do_lower_case": false}"#,
        ]
        try open(files) { folder in
            let tokenizer = try BertTokenizer(contentsOf: folder)
            #expect(try tokenizer.encode("中B").ids == [2, 4, 5, 3])
        }
        try open([:]) { folder in
            let error = try #require(throws: InputError.self) { try BertTokenizer(contentsOf: folder) }
            #expect(error.location.hasSuffix("vocab.txt"))
        }
    }
}
