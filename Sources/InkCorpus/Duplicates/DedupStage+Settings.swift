extension DedupStage {
    /// For people; `init(_:)` reads them.
    static let settings = [
        StageSetting(
            "method", "exact|ernie3|near|lines|paragraphs",
            "equal texts; equal sums of the MD5 of the three longest sentences; MinHash; lines or paragraphs of several "
                + "documents, which are taken out (usual: exact)"),
        StageSetting("threshold", "0 to 1", "near: Jaccard similarity of near duplicates (usual: 0.8)"),
        StageSetting("shingle", "n", "near: characters in a shingle (usual: 5)"),
        StageSetting("permutations", "n", "near: minima in a signature, a multiple of 8 (usual: 128)"),
        StageSetting("verify", "signature|exact", "near: what decides on a candidate pair (usual: signature)"),
        StageSetting("miss-weight", "0 to 1", "near: what a miss counts against a false candidate (usual: 0.9)"),
        StageSetting("minimum-length", "n", "lines, paragraphs: characters of the shortest that counts (usual: 20)"),
        StageSetting("maximum-documents", "n", "lines, paragraphs: documents that may have the same (usual: 3)"),
    ]
}
