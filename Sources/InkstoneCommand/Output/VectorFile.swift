import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTensor
import InkText

/// Writes the outputs of an encoder, one for each line of the input, while they come: memory does not grow with them.
///
/// One vector a text makes a matrix, `vectors`; outputs of several rows, and logits, a tensor for each text. A text
/// without an output (an empty sequence) keeps its place: a row of NaN, null, or no tensor of its number.
enum VectorFile {
    /// A file to be written.
    struct Target {
        enum Form: String, CaseIterable {
            case safetensors, npy, jsonl
        }

        let url: URL
        let form: Form

        /// - Throws: `InputError` (`.usage`) when the name has no known extension or none that takes the output, the
        ///   file exists or is the one that is read, or its folder is not there.
        init(_ path: String, pooling: TextEncoder.Pooling, replacing: Bool, reading input: String, model: URL) throws {
            let location = "--output \(path)"
            guard let form = Form(rawValue: URL(filePath: path).pathExtension.lowercased()) else {
                throw InputError(
                    .usage, at: location, "the name does not say which form to write",
                    expected: "a name that ends in .safetensors, .npy or .jsonl")
            }
            guard form != .npy || pooling != .none else {
                throw InputError(
                    .usage, at: location, "a .npy file holds one matrix, not a tensor for each text",
                    remedy: "choose one vector a text with --pooling, or a name that ends in .safetensors or .jsonl")
            }
            self.form = form
            do {
                url = try NewFile.at(path, force: replacing, reading: input, model: model)
            } catch var error as InputError {
                error.location = location
                throw error
            }
        }

        /// What a text without an output has in the file.
        func missing(_ pooling: TextEncoder.Pooling) -> String {
            switch form {
            case .npy: "a row of NaN"
            case .jsonl: "null"
            case .safetensors: pooling.isMatrix ? "a row of NaN" : "no tensor of their number"
            }
        }
    }

    /// Encodes all batches and writes what comes out; the file appears when it is whole.
    /// - Parameter isInterrupted: asked between batches.
    /// - Returns: the number of texts.
    /// - Throws: `InputError` for input that does not fit the model, a file that cannot be written, or (`.run`) when
    ///   interrupted; no file is left then.
    static func write(
        _ nextBatch: () throws -> PackedEncodings?, of encoder: TextEncoder, to target: Target,
        isInterrupted: () -> Bool
    ) throws -> Int {
        func next() throws -> PackedEncodings? {
            try check(isInterrupted)
            return try nextBatch()
        }
        return switch target.form {
        case .npy: try writeMatrix(.npy, next, of: encoder, to: target.url)
        case .safetensors where encoder.pooling.isMatrix:
            try writeMatrix(.safetensors(name: "vectors"), next, of: encoder, to: target.url)
        case .safetensors: try writeTensors(next, of: encoder, to: target.url, isInterrupted)
        case .jsonl: try writeLines(next, of: encoder, to: target.url)
        }
    }

    private static func check(_ isInterrupted: () -> Bool) throws {
        guard isInterrupted() else { return }
        throw InputError(
            .run, at: "encode", "interrupted", remedy: "start it again: no unfinished file was left")
    }

    private static func name(_ encoder: TextEncoder) -> String {
        encoder.pooling == .none ? "hidden" : encoder.pooling.rawValue
    }

    private static func writeMatrix(
        _ form: MatrixStream.Form, _ nextBatch: () throws -> PackedEncodings?, of encoder: TextEncoder, to url: URL
    ) throws -> Int {
        let stream = try MatrixStream(form, columns: encoder.outputSize, to: url)
        while let batch = try nextBatch() {
            try encoder.outputs(of: batch) { output in
                if let output { try stream.append(output) } else { try stream.appendMissing() }
            }
        }
        try stream.commit()
        return stream.rows
    }

    /// The header lists every shape, so all texts are tokenized first, into a work file; the outputs, which are a
    /// thousand times larger, go to the file as they come.
    private static func writeTensors(
        _ nextBatch: () throws -> PackedEncodings?, of encoder: TextEncoder, to url: URL, _ isInterrupted: () -> Bool
    ) throws -> Int {
        let work = url.deletingLastPathComponent().appending(
            path: ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).ids")
        let ids = try ScratchFile<Int32>(work)
        var lengths: [Int32] = []
        while let batch = try nextBatch() {
            try ids.append(batch.ids)
            lengths += (0..<batch.count).map { Int32(truncatingIfNeeded: batch[$0].count) }
            try SafetensorsStream.check(count: lengths.count, for: url)
        }
        let (name, size) = (name(encoder), encoder.outputSize)
        let entries = lengths.enumerated().lazy.filter { $0.element > 0 }.map { index, length in
            SafetensorsStream.Entry(
                name: "\(name).\(index)", shape: encoder.pooling == .none ? [Int(length), size] : [size])
        }
        let stream = try SafetensorsStream(Array(entries), to: url)
        var (next, place) = (0, 0)
        while next < lengths.count {
            try check(isInterrupted)
            var batch = PackedEncodings()
            let texts = lengths[next..<min(next + 1024, lengths.count)]
            batch.ids = try ids.read(at: place, count: texts.reduce(0) { $0 + Int($1) })
            for length in texts { batch.starts.append(batch.starts[batch.count] + Int(length)) }
            try encoder.outputs(of: batch) { if let output = $0 { try stream.append(output) } }
            next += texts.count
            place += batch.ids.count
        }
        try stream.commit()
        return lengths.count
    }

    private static func writeLines(
        _ nextBatch: () throws -> PackedEncodings?, of encoder: TextEncoder, to url: URL
    ) throws -> Int {
        let writer = try AtomicFileWriter(url)
        let name = name(encoder)
        var index = 0
        while let batch = try nextBatch() {
            try encoder.outputs(of: batch) { output in
                let record = JSON.record(["index": .integer(index), name: output.map(Self.json) ?? .null])
                try writer.append(Array((record.line + "\n").utf8))
                index += 1
            }
        }
        try writer.commit()
        return index
    }

    private static func json(_ output: Tensor) -> JSON {
        output.shape.rank == 1
            ? .floats(output.values) : .array((0..<output.rows).map { .floats(output.row($0)) })
    }
}

extension TextEncoder.Pooling {
    /// Whether the outputs are the vectors of one matrix.
    fileprivate var isMatrix: Bool { self != .none && self != .logits }
}

extension TextEncoder {
    /// Hands over the output of every text in order, nil for an empty sequence.
    fileprivate func outputs(of batch: PackedEncodings, _ body: (Tensor?) throws -> Void) throws {
        var filled = PackedEncodings()
        filled.ids = batch.ids
        for index in 0..<batch.count where !batch[index].isEmpty { filled.starts.append(batch.starts[index + 1]) }
        var next = 0
        func passEmpty() throws {
            while next < batch.count, batch[next].isEmpty {
                try body(nil)
                next += 1
            }
        }
        try encode(filled) { output in
            try passEmpty()
            try body(output)
            next += 1
        }
        try passEmpty()
    }
}
