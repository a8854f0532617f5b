import InkCheckpoint
import InkSupport
import InkTensor

extension DebertaV2Config {
    /// - Throws: `InputError` naming the field.
    init(_ file: ModelConfigFile) throws {
        try file.refuseMarksOfOtherFamilies(than: "deberta-v2", own: ["position_buckets", "embedding_size"])
        var shape = try EncoderShape(file, leastTypes: 0)
        if !file.has("layer_norm_eps") { shape.layerNormEpsilon = 1e-7 }
        shape.classifierDropout = try file.optionalNumber("cls_dropout", in: 0...0.99)
        for (field, wanted) in [("attention_head_size", shape.headSize), ("pooler_hidden_size", shape.hiddenSize)] {
            guard let found = try file.optional(field, Int.self), found != wanted else { continue }
            throw file.error(field, "is not supported", expected: "\(wanted)", found: "\(found)")
        }
        let isRelative = try file.optional("relative_attention", Bool.self) ?? false
        self.init(
            shape, terms: try Self.terms(file), relative: isRelative ? try Self.relative(file, shape) : nil,
            convolution: try Self.convolution(file, shape),
            hasPositionTable: try file.optional("position_biased_input") ?? true,
            embeddingSize: file.has("embedding_size") ? try file.size("embedding_size", upTo: 1 << 16) : nil,
            poolerActivation: file.has("pooler_hidden_act") ? try file.activation("pooler_hidden_act") : .gelu,
            poolerDropout: try file.number("pooler_dropout", default: 0, in: 0...0.99),
            hasLegacyHead: try file.optional("legacy") ?? true)
        guard hasLegacyHead || embeddingSize == shape.hiddenSize else {
            throw file.error(
                "legacy", "a masked-language head of this kind needs embeddings as wide as the states",
                expected: "true where embedding_size differs from hidden_size", found: "false")
        }
    }

    /// `pos_att_type`: an array, or as in the first files `c2p|p2c`.
    private static func terms(_ file: ModelConfigFile) throws -> Set<Term> {
        let field = "pos_att_type"
        guard file.has(field) else { return [] }
        let names: [String] =
            if case .string(let text) = file.fields[field] {
                text.split(separator: "|").map { $0.filter { !$0.isWhitespace }.lowercased() }
            } else {
                try file.value(field)
            }
        return Set(
            try names.map { name in
                guard let term = Term(rawValue: name) else {
                    throw file.error(
                        field, "unknown kind of attention to positions",
                        expected: Term.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "),
                        found: "\"\(name)\"")
                }
                return term
            })
    }

    private static func relative(_ file: ModelConfigFile, _ shape: EncoderShape) throws -> Relative {
        /// Zero and less stand for "not given".
        func count(_ field: String) throws -> Int? {
            guard file.has(field) else { return nil }
            let value = try file.size(field, from: -1, upTo: 1 << 20)
            return value > 0 ? value : nil
        }
        let limit = try count("max_relative_positions") ?? shape.positionCount
        let buckets = try count("position_buckets")
        if let buckets, !(2...).contains(buckets) || limit - 1 <= buckets / 2 {
            throw file.error(
                "position_buckets", "leaves no room for far distances",
                expected: "at least 2, and less than twice max_relative_positions − 1, \(limit - 1)",
                found: "\(buckets)")
        }
        guard limit > 1 else {
            throw file.error("max_relative_positions", "leaves no distances", expected: "at least 2", found: "\(limit)")
        }
        guard buckets != nil || limit <= 1 << 20 else {
            throw file.error(
                "max_relative_positions", "is absent, so that max_position_embeddings counts, which is too many",
                expected: "at most \(1 << 20)", found: "\(limit)")
        }
        return Relative(
            sharesProjections: try file.optional("share_att_key") ?? false, bucketCount: buckets, limit: limit,
            normalizes: try normalizes(file))
    }

    /// `norm_rel_ebd`: names joined by `|`.
    private static func normalizes(_ file: ModelConfigFile) throws -> Bool {
        let field = "norm_rel_ebd"
        let names = (try file.optional(field, String.self) ?? "none").lowercased().split(separator: "|")
            .map { $0.filter { !$0.isWhitespace } }
        if let name = names.first(where: { !["none", "layer_norm"].contains($0) }) {
            throw file.error(
                field, "unknown treatment of the relative embeddings", expected: "\"none\" or \"layer_norm\"",
                found: "\"\(name)\"")
        }
        return names.contains("layer_norm")
    }

    private static func convolution(_ file: ModelConfigFile, _ shape: EncoderShape) throws -> Convolution? {
        guard file.has("conv_kernel_size") else { return nil }
        let width = try file.size("conv_kernel_size", from: 0, upTo: 1 << 10)
        guard width > 0 else { return nil }
        guard width % 2 == 1 else {
            throw file.error(
                "conv_kernel_size", "an even width would change the length of a text", expected: "an odd number",
                found: "\(width)")
        }
        let groups = file.has("conv_groups") ? try file.size("conv_groups", upTo: 1 << 16) : 1
        guard shape.hiddenSize % groups == 0 else {
            throw file.error(
                "conv_groups", "does not divide hidden_size", expected: "a divisor of \(shape.hiddenSize)",
                found: "\(groups)")
        }
        return Convolution(
            width: width, groups: groups, activation: file.has("conv_act") ? try file.activation("conv_act") : .tanh)
    }
}

extension DebertaV2Config {
    public var ownFields: JSONObject {
        var fields = JSONObject()
        fields["relative_attention"] = .bool(relative != nil)
        fields["pos_att_type"] = .array(Term.allCases.filter(terms.contains).map { .string($0.rawValue) })
        fields["position_biased_input"] = .bool(hasPositionTable)
        fields["embedding_size"] = .number("\(embeddingSize)")
        fields["pooler_hidden_size"] = .number("\(shape.hiddenSize)")
        fields["pooler_hidden_act"] = .string(poolerActivation.rawValue)
        fields["pooler_dropout"] = .number("\(poolerDropout)")
        fields["legacy"] = .bool(hasLegacyHead)
        if let dropout = shape.classifierDropout { fields["cls_dropout"] = .number("\(dropout)") }
        if let relative {
            fields["share_att_key"] = .bool(relative.sharesProjections)
            fields["position_buckets"] = .number("\(relative.bucketCount ?? -1)")
            let limit = relative.limit == shape.positionCount ? -1 : relative.limit
            fields["max_relative_positions"] = .number("\(limit)")
            fields["norm_rel_ebd"] = .string(relative.normalizes ? "layer_norm" : "none")
        }
        if let convolution {
            fields["conv_kernel_size"] = .number("\(convolution.width)")
            fields["conv_groups"] = .number("\(convolution.groups)")
            fields["conv_act"] = .string(convolution.activation.rawValue)
        }
        return fields
    }
}
