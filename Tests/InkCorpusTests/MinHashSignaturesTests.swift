import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct MinHashSignaturesTests {
    /// Expected bands and rows: `datasketch` 2.0, `MinHashLSH(threshold, num_perm, weights)`.
    @Test(arguments: [
        (0.5, 128, 0.5, 25, 5), (0.6, 128, 0.5, 18, 7), (0.7, 128, 0.5, 14, 9), (0.8, 128, 0.5, 9, 13),
        (0.9, 128, 0.5, 5, 25), (0.8, 128, 0.9, 14, 9), (0.8, 64, 0.5, 5, 11),
    ])
    func bandsOfAThreshold(threshold: Double, permutations: Int, missWeight: Double, bands: Int, rows: Int) {
        let banding = MinHashBanding(threshold: threshold, permutations: permutations, missWeight: missWeight)
        #expect(banding == MinHashBanding(bands: bands, rows: rows))
    }

    /// Pairs that share a known part of their shingles: one text, and the same text with another end.
    @Test func agreementEstimatesTheSimilarity() {
        let signatures = MinHashSignatures()
        var hasher = signatures.makeHasher()
        var maker = TextMaker(seed: 3)
        for similarity in [0.2, 0.5, 0.8, 0.95] {
            // Of n shingles each, s shared: s / (2n − s) = similarity.
            let shared = Int((200 * similarity / (1 + similarity)).rounded())
            let exact = Double(shared) / Double(200 - shared)
            var sum = 0.0
            var squares = 0.0
            let pairs = 50
            for _ in 0..<pairs {
                let common = maker.characters(shared + 4)
                let one = common + maker.characters(100 - shared)
                let other = common + maker.characters(100 - shared)
                let first = signatures.signature(of: hasher.minima(of: Array(one.utf8)))
                let second = signatures.signature(of: hasher.minima(of: Array(other.utf8)))
                let estimate = Double(zip(first, second).filter { $0 == $1 }.count) / 128
                sum += estimate
                squares += (estimate - exact) * (estimate - exact)
            }
            let deviation = (exact * (1 - exact) / 128).squareRoot()
            #expect(abs(sum / Double(pairs) - exact) < 4 * deviation / Double(pairs).squareRoot())
            // The spread is that of independent hashes.
            #expect(abs((squares / Double(pairs)).squareRoot() / deviation - 1) < 0.35, "similarity \(similarity)")
        }
    }

    /// Many texts with one shingle in common, whatever it is: neighbouring minima must not all come from it.
    @Test func neighbouringMinimaAgreeIndependently() {
        let signatures = MinHashSignatures(shingleLength: 1)
        var hasher = signatures.makeHasher()
        var maker = TextMaker(seed: 9)
        var (triples, agreeing) = (0, 0)
        for _ in 0..<200 {
            let common = maker.characters(4)
            let one = hasher.minima(of: Array((common + maker.characters(4)).utf8))
            let other = hasher.minima(of: Array((common + maker.characters(4)).utf8))
            for first in 0..<126 {
                triples += 1
                if (0..<3).allSatisfy({ one[first + $0] == other[first + $0] }) { agreeing += 1 }
            }
        }
        // A third of all shingles is common.
        let share = Double(agreeing) / Double(triples)
        #expect(abs(share - 1.0 / 27) < 0.006, "share \(share)")
    }

    @Test func longTextsAreTakenInBlocks() {
        var maker = TextMaker(seed: 4)
        let text = maker.characters(2500)
        let signatures = MinHashSignatures(shingleLength: 1)
        var hasher = signatures.makeHasher()
        let whole = hasher.minima(of: Array(text.utf8))
        var parts = [Float](repeating: .infinity, count: 128)
        for scalar in text.unicodeScalars {
            for (place, value) in hasher.minima(of: Array(String(scalar).utf8)).enumerated() {
                parts[place] = min(parts[place], Float(bitPattern: value))
            }
        }
        #expect(whole == parts.map(\.bitPattern))
    }

    @Test func equalShinglesGiveEqualKeysAndNoTextHasNone() {
        let signatures = MinHashSignatures(shingleLength: 2)
        var hasher = signatures.makeHasher()
        #expect(hasher.minima(of: []).allSatisfy { $0 == Float.infinity.bitPattern })
        let once = hasher.minima(of: Array("甲乙甲".utf8))
        #expect(hasher.minima(of: Array("甲乙甲乙甲乙甲".utf8)) == once)
        #expect(hasher.minima(of: Array("甲乙丙".utf8)) != once)
        #expect(hasher.minima(of: Array("甲".utf8)) != hasher.minima(of: Array("乙".utf8)))
        let keys = signatures.bandKeys(of: once)
        #expect(keys.count == signatures.banding.bands)
        #expect(Set(keys).count == keys.count)
    }

    @Test func recordsForAnotherEngine() throws {
        let signatures = MinHashSignatures()
        let document = Document(text: "今天天气很好，我们去公园。", id: "甲\"1")
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appending(path: "input.jsonl")
        var bytes: [UInt8] = []
        DocumentFormat.jsonl.append(document, to: &bytes)
        try Data(bytes).write(to: input)
        let output = folder.appending(path: "signatures.jsonl")
        _ = try SignatureRun.run(
            signatures, DocumentInput(files: [.init(input, format: .jsonl)]), OutputFile(output),
            StageContext(threads: 1, workFolder: folder))
        bytes = Array(try Data(contentsOf: output))
        #expect(bytes.last == 10)
        guard case .object(let record) = try JSONValue(parsing: bytes, location: "record") else {
            Issue.record("no object")
            return
        }
        var hasher = signatures.makeHasher()
        let minima = hasher.minima(of: document.utf8)
        #expect(record["id"] == .string("甲\"1"))
        #expect(record["signature"] == .integers(signatures.signature(of: minima)))
        guard case .array(let bands) = record["bands"] else {
            Issue.record("no bands")
            return
        }
        let keys = bands.compactMap { band -> UInt64? in
            if case .string(let digits) = band, digits.count == 16 { UInt64(digits, radix: 16) } else { nil }
        }
        #expect(keys == signatures.bandKeys(of: minima))
    }
}
