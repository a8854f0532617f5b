/// The spelling of keys that models ask for, whatever tool wrote the file.
///
/// * `gamma` and `beta` of a normalisation layer (conversions from TensorFlow up to 2020, among them the original
///   bert-base-chinese and most ERNIE files) become `weight` and `bias`;
/// * `module.` and `_orig_mod.`, left by PyTorch's wrappers for data parallelism and compilation, go where every key of
///   the file has them.
enum CanonicalKey {
    private static let wrappers = ["module.", "_orig_mod."]

    /// The canonical keys of all `keys` of a checkpoint, in their order.
    static func keys(for keys: [String]) -> [String] {
        var keys = keys
        while let wrapper = wrappers.first(where: { wrapper in keys.allSatisfy { $0.hasPrefix(wrapper) } }),
            !keys.isEmpty
        {
            keys = keys.map { String($0.dropFirst(wrapper.count)) }
        }
        return keys.map(renamed)
    }

    private static func renamed(_ key: String) -> String {
        let parts = key.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, let last = parts.last, last == "gamma" || last == "beta",
            isNormalisation(parts[parts.count - 2])
        else { return key }
        return key.dropLast(last.count) + (last == "gamma" ? "weight" : "bias")
    }

    /// `LayerNorm`, `LayerNorm_ent`, `layer_norm`, `ln`, `ln_1` …; a gamma elsewhere may be a scale of another kind.
    private static func isNormalisation(_ layer: Substring) -> Bool {
        let name = layer.lowercased()
        return name.contains("norm") || name == "ln" || name.hasPrefix("ln_")
    }
}
