import Foundation
import InkCheckpoint
import InkTestSupport
import Testing

/// The files that encode writes.
@Suite("Vectors of texts")
struct EncodeCommandTests {
    private static let lines = "卫星成功入轨\n\n三千\n成功\t1\nabc🌂\n\(String(repeating: "三", count: 90))\n"

    private func encode(_ arguments: String..., lines: String = Self.lines, to output: URL) throws -> Program.Outcome {
        try Program.run(
            ["encode", "--model", Models.bert, "--input", "-", "--output", output.path] + arguments, input: lines)
    }

    /// The shape and elements of a `.npy` file of version 1.0.
    private func readNPY(_ file: URL) throws -> (header: String, values: [Float]) {
        let bytes = try Data(contentsOf: file)
        #expect(bytes.prefix(8) == Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0]))
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        #expect(start % 64 == 0)
        let header = String(decoding: bytes[10..<start], as: UTF8.self)
        #expect(header.hasSuffix("\n"))
        let words = stride(from: start, to: bytes.count, by: 4).map { place in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
        }
        return (header.trimmingCharacters(in: .whitespacesAndNewlines), words.map(Float.init(bitPattern:)))
    }

    @Test(arguments: ["cls", "mean", "pooler"])
    func vectorsMakeOneMatrixInEveryForm(pooling: String) throws {
        try withTemporaryFolder { folder in
            let files = ["npy", "safetensors", "jsonl"].map { folder.appending(path: "out.\($0)") }
            for file in files { #expect(try encode("--pooling", pooling, to: file).code == 0) }
            let (header, values) = try readNPY(files[0])
            #expect(header == "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 32), }")
            let checkpoint = try Checkpoint(contentsOf: files[1])
            #expect(checkpoint.entries.map(\.key) == ["vectors"])
            #expect(checkpoint.shape(of: "vectors") == [6, 32])
            // Both end with the same elements; a checkpoint's reader would refuse the row that is no vector.
            #expect(try Data(contentsOf: files[0]).suffix(6 * 32 * 4) == Data(contentsOf: files[1]).suffix(6 * 32 * 4))
            func row(_ number: Int) -> [Float] { Array(values[number * 32..<(number + 1) * 32]) }
            let records = try String(contentsOf: files[2], encoding: .utf8).split(separator: "\n").map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
            for (number, record) in records.enumerated() {
                let numbers = (record[pooling] as? [Double])?.map(Float.init)
                #expect(record["index"] as? Int == number)
                // A blank line keeps its row, and nobody can take it for a vector.
                if number == 1 {
                    #expect(record[pooling] is NSNull)
                    #expect(row(number).allSatisfy { $0.isNaN })
                } else {
                    expectClose(try #require(numbers), row(number), tolerance: 1e-6)
                }
            }
            #expect(records.count == 6)
        }
    }

    @Test func whatTheVectorsDoNotShowIsTold() throws {
        try withTemporaryFolder { folder in
            let outcome = try encode("--pooling", "mean", "--max-length", "12", to: folder.appending(path: "out.npy"))
            #expect(outcome.code == 0)
            for note in [
                "1 of 6 texts holds a tab", "standard input:4",
                "1 blank line has no vector: a row of NaN, the first at standard input:2",
                "1 of 5 texts are longer than 12 tokens and are cut (80 of their 92 tokens are not read), "
                    + "the first at standard input:6; "
                    + "--max-length 40 reads more",
                "are unknown to the vocabulary", "1 text has nothing but unknown tokens",
                "the first at standard input:5",
            ] { #expect(outcome.errors.contains(note), "\(note): \(outcome.errors)") }
            let quiet = try encode("--pooling", "mean", lines: "三千\n", to: folder.appending(path: "quiet.npy"))
            #expect(!quiet.errors.contains("warning"))
        }
    }

    @Test(arguments: [("none", "hidden"), ("logits", "logits")])
    func outputsOfATextAreTensorsOfTheirOwn(pooling: String, name: String) throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "out.safetensors")
            #expect(try encode("--pooling", pooling, to: file).code == 0)
            let written = try Checkpoint(contentsOf: file)
            #expect(Set(written.entries.map(\.key)) == Set([0, 2, 3, 4, 5].map { "\(name).\($0)" }))
            let third = try written.tensor("\(name).2")
            #expect(third.shape == (pooling == "none" ? [4, 32] : [5]))
            // The same text alone.
            let alone = folder.appending(path: "alone.safetensors")
            #expect(try encode("--pooling", pooling, lines: "三千\n", to: alone).code == 0)
            expectClose(third, try Checkpoint(contentsOf: alone).tensor("\(name).0"), tolerance: 1e-5)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
        }
    }

    @Test func logitsCanBeAMatrixForNumPy() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "out.npy")
            #expect(try encode("--pooling", "logits", lines: "三千\n成功\n", to: file).code == 0)
            #expect(try readNPY(file).header.contains("'shape': (2, 5)"))
            let refused = try encode("--force", to: file)
            #expect(refused.code == 2)
            #expect(refused.errors.contains("--pooling"))
            #expect(try readNPY(file).values.count == 10)
        }
    }

    @Test(arguments: [("mean", "npy"), ("none", "safetensors")])
    func anInterruptLeavesNoFile(pooling: String, ending: String) throws {
        try withTemporaryFolder { folder in
            let input = folder.appending(path: "in.txt")
            try String(repeating: "卫星成功入轨\n", count: 100_000).write(to: input, atomically: true, encoding: .utf8)
            let output = folder.appending(path: "out.\(ending)")
            let (process, _, _, stderr) = try Program.process([
                "encode", "--model", Models.bert, "--input", input.path, "--pooling", pooling, "--output", output.path,
                "--threads", "1",
            ])
            try process.run()
            let unfinished = folder.appending(path: ".out.\(ending).partial").path
            while process.isRunning, !FileManager.default.fileExists(atPath: unfinished) { usleep(10_000) }
            process.interrupt()
            let errors = String(decoding: try stderr.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit)
            #expect(process.terminationStatus == 1)
            #expect(errors.hasPrefix("error: encode: interrupted"), "\(errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["in.txt"])
        }
    }

    @Test func theInputIsNotReplacedByItsVectors() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "in.jsonl")
            try "卫星\n".write(to: file, atomically: true, encoding: .utf8)
            let outcome = try Program.run(
                "encode", "--model", Models.bert, "--input", "./in.jsonl", "--pooling", "cls", "--output", file.path,
                "--force", in: folder)
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains("is the file that is read"))
            #expect(try String(contentsOf: file, encoding: .utf8) == "卫星\n")
        }
    }

    @Test func aFileWithoutLinesGivesAMatrixWithoutRows() throws {
        try withTemporaryFolder { folder in
            for name in ["out.npy", "out.safetensors"] {
                #expect(try encode("--pooling", "cls", lines: "", to: folder.appending(path: name)).code == 0)
            }
            #expect(try readNPY(folder.appending(path: "out.npy")).header.contains("'shape': (0, 32)"))
            let checkpoint = try Checkpoint(contentsOf: folder.appending(path: "out.safetensors"))
            #expect(try checkpoint.tensor("vectors").shape == [0, 32])
        }
    }
}
