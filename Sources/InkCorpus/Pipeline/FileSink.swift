import Foundation
import InkSupport

/// Writes the documents that stay to a file or standard output, and those that leave to a file beside.
public final class FileSink: DocumentSink {
    public let format: DocumentFormat
    private let kept: OutputFile
    private let rejected: OutputFile?

    /// - Parameters:
    ///   - url: nil for standard output.
    ///   - rejected: JSONL with the fields of the document, and `stage`, `rule` and `detail`.
    /// - Throws: `InputError` (`.run`) when a file cannot be made.
    public init(_ url: URL?, format: DocumentFormat, rejected: URL? = nil) throws {
        self.format = format
        kept = try OutputFile(url)
        self.rejected = try rejected.map { try OutputFile($0) }
    }

    public var takesRejected: Bool { rejected != nil }

    public func write(_ encoded: [UInt8], count: Int) throws { try kept.write(encoded) }

    public func reject(_ documents: [RejectedDocument]) throws {
        guard let rejected, !documents.isEmpty else { return }
        var bytes: [UInt8] = []
        for item in documents { item.appendLine(to: &bytes) }
        try rejected.write(bytes)
    }

    /// Gives the files their names.
    public func commit() throws {
        try rejected?.commit()
        try kept.commit()
    }
}

extension RejectedDocument {
    /// Writes the document as a JSONL record that says why it left.
    func appendLine(to bytes: inout [UInt8]) {
        DocumentFormat.jsonl.append(document, to: &bytes)
        bytes.removeLast(2)
        let reason = JSONValue.record([
            "stage": .string(stage), "rule": .string(rule), "detail": detail.map { .string($0) },
        ])
        bytes.append(UInt8(ascii: ","))
        bytes += reason.serialized(indented: false).utf8.dropFirst()
        bytes.append(10)
    }
}
