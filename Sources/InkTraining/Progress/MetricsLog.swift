import Foundation
import InkSupport

/// One line of `metrics.jsonl`.
public struct MetricsRecord: Codable, Equatable, Sendable {
    /// What was measured on.
    public enum Kind: String, Codable, Sendable {
        /// The mean over the training steps since the record before.
        case train
        /// The whole development set.
        case dev
        /// The whole test set.
        case test
    }

    /// What was measured on.
    public var kind: Kind
    /// Steps done when it was measured.
    public var step: Int
    /// Epochs done, a fraction inside an epoch.
    public var epoch: Double?
    /// Mean loss of an example, in nats.
    public var loss: Double?
    /// Share predicted right, 0 to 1.
    public var accuracy: Double?
    /// Other measures of the task by name.
    public var measures: [String: Double]?
    /// The learning rate of the last step.
    public var learningRate: Double?
    /// Examples per second since the record before.
    public var itemsPerSecond: Double?
    /// Seconds of the run so far, those before a resume included.
    public var seconds: Double?
    /// Memory of the process.
    public var residentBytes: Int?

    public init(
        _ kind: Kind, step: Int, epoch: Double? = nil, loss: Double? = nil, accuracy: Double? = nil,
        measures: [String: Double]? = nil, learningRate: Double? = nil, itemsPerSecond: Double? = nil,
        seconds: Double? = nil,
        residentBytes: Int? = nil
    ) {
        self.kind = kind
        self.step = step
        self.epoch = epoch
        self.loss = loss
        self.accuracy = accuracy
        self.measures = measures
        self.learningRate = learningRate
        self.itemsPerSecond = itemsPerSecond
        self.seconds = seconds
        self.residentBytes = residentBytes
    }
}

/// `metrics.jsonl`: one JSON object a line, written at once, so that a killed run loses at most the line in flight.
///
/// Numbers that JSON lacks (a loss that became NaN) are the strings "nan", "inf", "-inf".
public final class MetricsLog {
    private let url: URL
    private let handle: FileHandle

    /// Opens the log of a new run: an old file is emptied. Throws `InputError` (`.run`).
    public convenience init(creating url: URL) throws {
        try AtomicFile.write(Data(), to: url)
        try self.init(opening: url)
    }

    /// Opens the log of a run that resumes after `step`: records of later steps, which will be measured again, and a
    /// half-written last line are removed; a missing file is created. Throws `InputError`.
    public convenience init(resuming url: URL, afterStep step: Int) throws {
        let lines = url.exists ? try Self.lines(of: url) : []
        var kept = Data()
        for line in lines where line.record.step <= step { kept.append(contentsOf: line.bytes + [UInt8(ascii: "\n")]) }
        try AtomicFile.write(kept, to: url)
        try self.init(opening: url)
    }

    private init(opening url: URL) throws {
        self.url = url
        do {
            handle = try FileHandle(forWritingTo: url)
            try handle.seekToEnd()
        } catch {
            throw InputError(.run, at: url.path, "cannot write the log: \(SystemError.reason(error))")
        }
    }

    deinit { try? handle.close() }

    /// Adds a line. Throws `InputError` (`.run`), for instance when the disk is full.
    public func append(_ record: MetricsRecord) throws {
        do {
            try handle.write(contentsOf: RecordCoding.encoder().encode(record) + Data("\n".utf8))
        } catch {
            throw InputError(
                .run, at: url.path, "cannot write the log: \(SystemError.reason(error))",
                remedy: "check the free space on the disk")
        }
    }

    /// The records of a log. A last line that was cut off (a killed run) is left out; any other line that is not a
    /// record is an `InputError` naming it.
    public static func read(contentsOf url: URL) throws -> [MetricsRecord] { try lines(of: url).map(\.record) }

    private static func lines(of url: URL) throws -> [(bytes: [UInt8], record: MetricsRecord)] {
        let all = try WholeFile.read(url, limit: WholeFile.tableLimit)
        let decoder = RecordCoding.decoder()
        // What follows the last newline is empty, or was cut off.
        let pieces = all.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        var lines: [(bytes: [UInt8], record: MetricsRecord)] = []
        for (index, piece) in pieces.enumerated() where !piece.isEmpty {
            guard let record = try? decoder.decode(MetricsRecord.self, from: Data(piece)) else {
                if index == pieces.count - 1 { break }
                throw InputError(
                    at: "\(url.path):\(index + 1)", "the line is not a record of a run",
                    found: DisplayWidth.truncate(String(decoding: piece, as: UTF8.self), to: 70),
                    remedy: "remove the line, or the file")
            }
            lines.append((Array(piece), record))
        }
        return lines
    }
}
