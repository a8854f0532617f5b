import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTensor
import InkText

/// Writes the outputs of an encoder: one tensor, or one JSON object, per line of the input.
enum VectorFile {
    /// A file to be written.
    struct Target {
        enum Form: String, CaseIterable {
            case safetensors, jsonl
        }

        let url: URL
        let form: Form

        /// - Throws: `InputError` (`.usage`) when the name has no known extension or the file exists.
        init(_ path: String, replacing: Bool) throws {
            url = URL(filePath: path)
            guard let form = Form(rawValue: url.pathExtension.lowercased()) else {
                throw InputError(
                    .usage, at: "--output \(path)", "the name does not say which form to write",
                    expected: "a name that ends in .safetensors or .jsonl")
            }
            self.form = form
            guard replacing || !FileManager.default.fileExists(atPath: url.path) else {
                throw InputError(
                    .usage, at: "--output \(path)", "the file exists",
                    remedy: "give another name, or replace it with --force")
            }
        }
    }

    /// Encodes all batches and writes what comes out; the file appears when it is whole.
    /// - Returns: the number of texts.
    /// - Throws: `InputError` for input that does not fit the model, or a file that cannot be written.
    static func write(
        _ nextBatch: () throws -> PackedEncodings?, of encoder: TextEncoder, to target: Target
    ) throws -> Int {
        switch target.form {
        case .safetensors: try writeTensors(nextBatch, of: encoder, to: target.url)
        case .jsonl: try writeLines(nextBatch, of: encoder, to: target.url)
        }
    }

    private static func name(_ encoder: TextEncoder) -> String {
        encoder.pooling == .none ? "hidden" : encoder.pooling.rawValue
    }

    /// The header lists every shape, so all texts are tokenized first (four bytes a token); the outputs, which are a
    /// thousand times larger, go to the file as they come.
    private static func writeTensors(
        _ nextBatch: () throws -> PackedEncodings?, of encoder: TextEncoder, to url: URL
    ) throws -> Int {
        var all = PackedEncodings()
        while let batch = try nextBatch() { all.append(batch) }
        let size = encoder.outputSize
        let entries = (0..<all.count).map { index in
            SafetensorsStream.Entry(
                name: "\(name(encoder)).\(index)",
                shape: encoder.pooling == .none ? [all[index].count, size] : [size])
        }
        let stream = try SafetensorsStream(entries, to: url)
        try encoder.encode(all) { try stream.append($0) }
        try stream.commit()
        return all.count
    }

    private static func writeLines(
        _ nextBatch: () throws -> PackedEncodings?, of encoder: TextEncoder, to url: URL
    ) throws -> Int {
        let writer = try AtomicFileWriter(url)
        let name = name(encoder)
        var index = 0
        while let batch = try nextBatch() {
            try encoder.encode(batch) { output in
                let values: JSON =
                    output.shape.rank == 1
                    ? .floats(output.values) : .array((0..<output.rows).map { .floats(output.row($0)) })
                let record = JSON.record(["index": .integer(index), name: values])
                try writer.append(Array((record.line + "\n").utf8))
                index += 1
            }
        }
        try writer.commit()
        return index
    }
}
