import Foundation
import InkSupport

/// Buffered results on standard output or for a file. Not for use from several tasks at once.
final class ResultWriter {
    private var buffer: [UInt8] = []
    /// Where they go instead, if anywhere.
    private let file: AtomicFileWriter?

    init() { file = nil }

    /// Results for a file instead, which appears at `finish()`. Throws `InputError` (`.run`).
    init(file url: URL) throws { file = try AtomicFileWriter(url) }
    private static let bufferSize = 1 << 16

    /// Adds text. Throws as `flush()`.
    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Adds a line. Throws as `flush()`.
    func line(_ text: String = "") throws { try write(text + "\n") }

    /// Adds elements one by one with a separator between: a long list is never in memory as text. Throws as `flush()`.
    func list<Element>(_ elements: some Sequence<Element>, separator: String, text: (Element) -> String) throws {
        var isFirst = true
        for element in elements {
            try write(isFirst ? text(element) : separator + text(element))
            isFirst = false
        }
    }

    /// Adds a JSON array, element by element. Throws as `flush()`.
    func array<Element>(_ elements: some Sequence<Element>, json: (Element) -> JSON) throws {
        try write("[")
        try list(elements, separator: ",") { json($0).line }
        try write("]")
    }

    /// Adds a JSON array of places in a text, as pairs of start and end. Throws as `flush()`.
    func array(_ ranges: [Range<Int>]) throws {
        try array(ranges) { .integers([$0.lowerBound, $0.upperBound]) }
    }

    /// Hands over what was written so far. Throws `ClosedOutput`, or `InputError` (`.run`) when the disk is full.
    func flush() throws {
        if let file {
            try file.append(buffer)
        } else {
            try StandardOutput.write(buffer, problem: "cannot write the results")
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Hands over what is left; a file gets its name. Throws as `flush()`.
    func finish() throws {
        try flush()
        try file?.commit()
    }
}
