import Foundation
import InkSupport

extension TokenizerConfig {
    /// The settings as `tokenizer_config.json`; reading it gives the same settings.
    func file(className: String) -> TokenizerFile {
        var fields = JSONObject()
        fields["tokenizer_class"] = .string(className)
        fields["do_lower_case"] = .bool(lowercases)
        fields["strip_accents"] = stripsAccents.map { .bool($0) } ?? .null
        fields["tokenize_chinese_chars"] = .bool(separatesIdeographs)
        if let modelMaxLength { fields["model_max_length"] = .number("\(modelMaxLength)") }
        if truncatesLeft { fields["truncation_side"] = .string("left") }
        let names = [
            ("unk_token", unknown), ("sep_token", separator), ("pad_token", padding), ("cls_token", classification),
        ]
        for (name, token) in names { fields[name] = .string(token.content) }
        fields["mask_token"] = mask.map { .string($0.content) } ?? .null
        if !additionalSpecialTokens.isEmpty {
            fields["additional_special_tokens"] = .array(additionalSpecialTokens.map { .string($0.content) })
        }
        if !addedTokens.isEmpty {
            var entries = JSONObject()
            for (id, token) in addedTokens.sorted(by: { $0.key < $1.key }) { entries["\(id)"] = Self.json(token) }
            fields["added_tokens_decoder"] = .object(entries)
        }
        let text = JSONValue.object(fields).serialized() + "\n"
        return TokenizerFile(name: "tokenizer_config.json", contents: Data(text.utf8))
    }

    private static func json(_ token: AddedToken) -> JSONValue {
        var fields = JSONObject()
        fields["content"] = .string(token.content)
        fields["lstrip"] = .bool(token.stripsLeft)
        fields["normalized"] = .bool(token.isNormalized)
        fields["rstrip"] = .bool(token.stripsRight)
        fields["single_word"] = .bool(token.singleWord)
        fields["special"] = .bool(token.isSpecial)
        return .object(fields)
    }
}
