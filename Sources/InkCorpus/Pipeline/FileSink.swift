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

    /// Files that go on behind what an earlier run wrote, and stay when they are not committed.
    /// - Throws: as `init(_:format:rejected:)`.
    init(resumable url: URL, format: DocumentFormat, rejected: URL?, at lengths: Lengths) throws {
        self.format = format
        kept = try OutputFile(resumable: url, at: lengths.kept)
        self.rejected = try rejected.map { try OutputFile(resumable: $0, at: lengths.rejected) }
    }

    /// Bytes of the files at a time.
    struct Lengths: Hashable, Sendable {
        var kept = 0
        var rejected = 0
    }

    /// Whether an earlier run left so much of the files.
    static func holds(_ lengths: Lengths, _ url: URL, rejected: URL?) -> Bool {
        func holds(_ length: Int, _ url: URL) -> Bool { length <= PartialFile.leftover(of: url) ?? 0 }
        return holds(lengths.kept, url) && rejected.map { holds(lengths.rejected, $0) } ?? (lengths.rejected == 0)
    }

    /// The files while they are not whole.
    var unfinished: [URL] { [kept.unfinished, rejected?.unfinished].compactMap { $0 } }

    /// Hands everything over to the system; another sink can go on at these lengths.
    /// - Throws: as `write(_:count:)`.
    func mark() throws -> Lengths { Lengths(kept: try kept.mark(), rejected: try rejected?.mark() ?? 0) }

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
