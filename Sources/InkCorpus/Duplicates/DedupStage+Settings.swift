extension DedupStage {
    /// For people; `init(_:)` reads them.
    static let settings = [
        StageSetting(
            "method", "exact|ernie3|near|lines",
            "equal texts; equal sums of the MD5 of the three longest sentences; MinHash; lines (usual: exact)"),
        StageSetting("threshold", "0 to 1", "near: Jaccard similarity of near duplicates (usual: 0.8)"),
        StageSetting("shingle", "n", "near: characters in a shingle (usual: 5)"),
        StageSetting("permutations", "n", "near: minima in a signature, a multiple of 8 (usual: 128)"),
        StageSetting("verify", "signature|exact", "near: what decides on a candidate pair (usual: signature)"),
        StageSetting("miss-weight", "0 to 1", "near: what a miss counts against a false candidate (usual: 0.9)"),
        StageSetting("minimum-length", "n", "lines: characters of the shortest line that counts (usual: 20)"),
        StageSetting("maximum-documents", "n", "lines: documents that may have the same line (usual: 3)"),
    ]
}
