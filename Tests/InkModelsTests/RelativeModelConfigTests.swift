import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkTestSupport
import Testing

/// `config.json` of RoFormer and DeBERTa-v2.
@Suite struct RelativeModelConfigTests {
    /// A change to a sound configuration.
    struct Change: Sendable, CustomTestStringConvertible {
        let base: String
        let field: String
        /// nil removes the field.
        let value: JSONValue?
        var mentions = ""
        /// Where the message is about another field than the one changed.
        var named: String?
        /// A second field that is changed with it.
        var also: (field: String, value: JSONValue?)?

        init(
            _ base: String, _ field: String, _ value: JSONValue?, mentions: String = "", named: String? = nil,
            also: (field: String, value: JSONValue?)? = nil
        ) {
            self.base = base
            self.field = field
            self.value = value
            self.mentions = mentions
            self.named = named
            self.also = also
        }

        var testDescription: String { "\(base): \(field) = \(value?.serialized(indented: false) ?? "absent")" }
    }

    static let badRoFormers = [
        Change("roformer", "embedding_size", .number("0")), Change("roformer", "embedding_size", .number("1e9")),
        Change("roformer", "embedding_size", .string("32")), Change("roformer", "rotary_value", .number("1")),
        Change("roformer", "max_position_embeddings", .number("999999")),
        Change("roformer", "num_attention_heads", .number("32"), mentions: "even"),
        Change("roformer", "position_buckets", .number("8"), mentions: "DeBERTa"),
        Change("roformer", "model_type", .string("bert"), mentions: "RoFormer", named: "rotary_value"),
        Change("roformer-fengshen", "embedding_size", .number("16"), mentions: "Zhouwenwang"),
        Change("roformer-fengshen", "rotary_value", .bool(true), mentions: "Zhouwenwang"),
    ]

    static let badDebertas = [
        Change("deberta-conv", "pos_att_type", .array([.string("c2p"), .string("p2p")]), mentions: "\"p2p\""),
        Change("deberta-conv", "pos_att_type", .string("c2p|c2c"), mentions: "\"c2c\""),
        Change("deberta-conv", "pos_att_type", .number("2")),
        Change("deberta-conv", "position_buckets", .number("1")),
        Change("deberta-conv", "position_buckets", .number("-2")),
        Change("deberta-conv", "position_buckets", .number("78"), mentions: "39"),
        Change("deberta-conv", "position_buckets", .number("2.5")),
        Change("deberta-c2p", "max_relative_positions", .number("1")),
        Change("deberta-c2p", "max_relative_positions", .number("-7")),
        Change("deberta-c2p", "max_relative_positions", .number("99999999999999999999")),
        Change(
            "deberta-c2p", "max_relative_positions", nil, also: ("max_position_embeddings", .number("16000000"))),
        Change("deberta-conv", "norm_rel_ebd", .string("batch_norm"), mentions: "layer_norm"),
        Change("deberta-conv", "share_att_key", .string("yes")),
        Change("deberta-conv", "relative_attention", .number("1")),
        Change("deberta-conv", "position_biased_input", .string("no")),
        Change("deberta-conv", "conv_kernel_size", .number("4"), mentions: "odd"),
        Change("deberta-conv", "conv_kernel_size", .number("-1")),
        Change("deberta-conv", "conv_groups", .number("3"), mentions: "divide"),
        Change("deberta-conv", "conv_groups", .number("0")), Change("deberta-conv", "conv_act", .string("swoosh")),
        Change("deberta-conv", "embedding_size", .number("-16")),
        Change("deberta-conv", "attention_head_size", .number("16"), mentions: "8"),
        Change("deberta-conv", "pooler_hidden_size", .number("64"), mentions: "32"),
        Change("deberta-conv", "pooler_hidden_act", .string("loud")),
        Change("deberta-conv", "pooler_dropout", .number("1.5")), Change("deberta-conv", "cls_dropout", .number("-1")),
        Change("deberta-c2p", "legacy", .bool(false), mentions: "embedding_size"),
        Change("deberta-conv", "legacy", .string("no")), Change("deberta-conv", "type_vocab_size", .number("-1")),
        Change("deberta-conv", "model_type", .string("bert"), mentions: "DeBERTa", named: "position_buckets"),
        Change("deberta-c2p", "model_type", .string("bert"), named: "embedding_size"),
        Change("deberta-absolute", "model_type", .string("bert"), mentions: "query_proj", named: "model_type"),
        Change("deberta-conv", "model_type", .string("deberta"), mentions: "deberta-v2"),
    ]

    @Test(arguments: badRoFormers + badDebertas)
    func refusesAndNamesFileAndField(change: Change) throws {
        try withChanged(change) { folder in
            let error = try #require(throws: InputError.self) { _ = try ModelFolder(contentsOf: folder) }
            #expect(error.location.hasSuffix("config.json: \(change.named ?? change.field)"), "\(error)")
            if !change.mentions.isEmpty { #expect(error.description.contains(change.mentions), "\(error)") }
        }
    }

    @Test(arguments: [
        Change("roformer", "embedding_size", nil), Change("roformer", "rotary_value", nil),
        Change("roformer-fengshen", "embedding_size", .number("32")),
        Change("deberta-both", "pos_att_type", .string(" c2p | p2c ")), Change("deberta-p2c", "legacy", nil),
        Change("deberta-both", "position_buckets", .number("-1")),
        Change("deberta-both", "cls_dropout", .number("0.2")),
        Change("deberta-conv", "conv_groups", nil), Change("deberta-p2c", "conv_kernel_size", .number("0")),
        Change("deberta-conv", "max_relative_positions", nil), Change("deberta-conv", "layer_norm_eps", nil),
    ])
    func acceptsWhatMayBeAbsentOrWrittenOtherwise(change: Change) throws {
        try withChanged(change) { folder in
            let config = try ModelFolder(contentsOf: folder).config
            let base = try ModelFolder(contentsOf: Fixture.url(change.base)).config
            var (found, expected) = (config.fields, base.fields)
            if change.field == "cls_dropout" {
                #expect(config.classifierDropout == 0.2)
                for field in ["classifier_dropout", "cls_dropout"] { found[field] = nil }
                for field in ["classifier_dropout", "cls_dropout"] { expected[field] = nil }
            }
            #expect(found == expected)
        }
    }

    @Test func readsEveryField() throws {
        let roFormer = try #require(ModelFolder(contentsOf: Fixture.url("roformer-value")).config as? RoFormerConfig)
        #expect(roFormer.embeddingSize == 20 && roFormer.rotatesValues && roFormer.form == .postNorm)
        #expect(roFormer.keyPrefix == "roformer" && roFormer.classifierStyle == .dense(.relu))
        #expect(roFormer.maskedLanguageStyle.width == 20)
        let fengshen = try #require(ModelFolder(contentsOf: Fixture.url("roformer-fengshen")).config as? RoFormerConfig)
        #expect(fengshen.form == .preNorm && fengshen.keyPrefix == "bert" && fengshen.classifierStyle == .encoderPooler)

        let full = try #require(ModelFolder(contentsOf: Fixture.url("deberta-conv")).config as? DebertaV2Config)
        #expect(full.terms == [.contentToPosition, .positionToContent] && full.embeddingSize == 32)
        #expect(full.relative == .init(sharesProjections: true, bucketCount: 8, limit: 40, normalizes: true))
        #expect(full.convolution == .init(width: 3, groups: 1, activation: .gelu) && !full.hasPositionTable)
        #expect(full.typeVocabularySize == 0 && full.shape.layerNormEpsilon == 1e-7 && full.hasLegacyHead)
        #expect(full.classifierStyle == .headPooler(.gelu, dropout: 0))
        let other = try #require(ModelFolder(contentsOf: Fixture.url("deberta-c2p")).config as? DebertaV2Config)
        #expect(other.terms == [.contentToPosition] && other.embeddingSize == 20 && other.hasPositionTable)
        #expect(other.relative == .init(sharesProjections: false, bucketCount: nil, limit: 5, normalizes: false))
        #expect(other.convolution == .init(width: 5, groups: 4, activation: .tanh))
        #expect(other.classifierStyle == .headPooler(.tanh, dropout: 0))
        let absolute = try #require(ModelFolder(contentsOf: Fixture.url("deberta-absolute")).config as? DebertaV2Config)
        #expect(absolute.relative == nil && absolute.terms == [.contentToPosition] && absolute.convolution == nil)
    }

    @Test(arguments: ["roformer", "roformer-value", "roformer-fengshen", "deberta-conv", "deberta-both"])
    func tensorsAreAccountedFor(name: String) throws {
        let fixture = try ModelFixture(name)
        let source = fixture.folder.parameterSource(use: .training)
        _ = try SequenceClassifier(fixture.folder.config, classCount: 5, ParameterScope(source))
        let account = source.account()
        #expect(account.new.isEmpty && account.unexpected.isEmpty)
        let positions = fixture.folder.checkpoint.entries.map(\.key).filter { $0.hasSuffix("embed_positions.weight") }
        #expect(account.ignored.map(\.key) == positions)
    }

    /// A copy of a fixture's folder with fields of its configuration changed.
    private func withChanged(_ change: Change, _ body: (URL) throws -> Void) throws {
        let original = Fixture.url(change.base)
        try withTemporaryFolder { folder in
            var file = try ModelConfigFile(contentsOf: original)
            file.set(change.field, change.value)
            if let also = change.also { file.set(also.field, also.value) }
            try Data(file.text.utf8).write(to: folder.appending(path: "config.json"))
            try FileManager.default.copyItem(
                at: original.appending(path: "model.safetensors"), to: folder.appending(path: "model.safetensors"))
            try body(folder)
        }
    }
}
