import Foundation
import InkTestSupport
import Testing

/// Memory that the system refuses ends the program with a message, not with a trap.
@Suite struct MemoryRefusedTests {
    /// A model whose word embedding takes 800 MB; the file is a hole, and its values zeros.
    private func writeLargeModel(to folder: URL) throws {
        let (rows, columns) = (400_000, 512)
        func tensor(_ name: String, _ shape: [Int], _ start: inout Int) -> String {
            let end = start + 4 * shape.reduce(1, *)
            defer { start = end }
            return "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}"
        }
        var size = 0
        let parts = [
            ("word_embeddings.weight", [rows, columns]), ("position_embeddings.weight", [16, columns]),
            ("token_type_embeddings.weight", [2, columns]), ("LayerNorm.weight", [columns]),
            ("LayerNorm.bias", [columns]),
        ].map { tensor("embeddings.\($0.0)", $0.1, &size) }
        let layer = [
            ("attention.self.query", columns, columns), ("attention.self.key", columns, columns),
            ("attention.self.value", columns, columns), ("attention.output.dense", columns, columns),
            ("intermediate.dense", 8, columns), ("output.dense", columns, 8),
        ].flatMap { name, outputs, inputs in
            [
                tensor("encoder.layer.0.\(name).weight", [outputs, inputs], &size),
                tensor("encoder.layer.0.\(name).bias", [outputs], &size),
            ]
        }
        let norms = ["attention.output.LayerNorm", "output.LayerNorm"].flatMap { name in
            ["weight", "bias"].map { tensor("encoder.layer.0.\(name).\($0)", [columns], &size) }
        }
        let header = "{" + (parts + layer + norms).joined(separator: ",") + "}"
        let file = folder.appending(path: "model.safetensors")
        try (withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)).write(
            to: file)
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: UInt64(8 + header.utf8.count + size))
        let config = """
            {"model_type": "bert", "vocab_size": \(rows), "hidden_size": \(columns), "num_hidden_layers": 1,
            "num_attention_heads": 8, "intermediate_size": 8, "hidden_act": "gelu", "max_position_embeddings": 16,
            "type_vocab_size": 2}
            """
        try Data(config.utf8).write(to: folder.appending(path: "config.json"))
    }

    @Test func aTensorThatIsRefusedEndsTheRunWithItsSize() throws {
        try withTemporaryFolder { folder in
            try writeLargeModel(to: folder)
            try "[1, 2, 3]\n".write(to: folder.appending(path: "ids.txt"), atomically: true, encoding: .utf8)
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.currentDirectoryURL = folder
            process.arguments = [
                "-c",
                "ulimit -v 900000; exec \"$0\" encode --model . --input ids.txt --input-format ids --pooling cls "
                    + "--output v.jsonl --threads 1", try Program.url().path,
            ]
            let errors = Pipe()
            process.standardError = errors
            try process.run()
            let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 1, "\(text)")
            #expect(text.hasPrefix("error: memory: the system refused 872415232 bytes for a tensor\n"), "\(text)")
            #expect(text.contains("--batch-size") && !text.contains("Fatal"))
        }
    }
}
