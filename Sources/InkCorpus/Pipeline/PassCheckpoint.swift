import Foundation
import InkSupport

/// How far a pass of document stages came: a place in its input, what its files held then, and what it had counted.
struct PassCheckpoint: Hashable, Sendable {
    var position: InputPosition
    var lengths: FileSink.Lengths
    /// Of reading and each stage, up to there.
    var reports: [StageReport]
}

extension PassCheckpoint {
    /// The checkpoint as text, from which `init(contentsOf:input:stages:)` makes an equal one.
    var text: String {
        SealedJSON.text(
            of: JSONObject([
                "position": position.json, "keptBytes": .integer(lengths.kept),
                "rejectedBytes": .integer(lengths.rejected), "reports": .array(reports.map(\.json)),
            ]))
    }

    /// Reads a file; nil where there is none.
    /// - Parameter stages: the names of the pass's stages.
    /// - Throws: `InputError` for a file that is no checkpoint of such a pass over this input.
    init?(contentsOf url: URL, input: DocumentInput, stages: [String]) throws {
        guard url.exists else { return nil }
        guard case .object(let object) = try JSONValue(contentsOf: url, limit: WholeFile.settingsLimit) else {
            throw InputError(at: url.path, "the file is no checkpoint of a pass", expected: "an object")
        }
        guard SealedJSON.isUndamaged(object) else {
            throw InputError(
                at: url.path, "the file is damaged, or of an earlier version: its contents do not fit its checksum",
                remedy: "remove the file, and start again: the pass begins anew")
        }
        func required<Value: JSONDecodable>(_ name: String, _ type: Value.Type) throws -> Value {
            guard let value = try object.value(name, type, at: url.path) else {
                throw InputError(at: "\(url.path): \(name)", "the field is missing", expected: type.jsonKind)
            }
            return value
        }
        position = try InputPosition(
            json: required("position", JSONObject.self), in: input, at: "\(url.path): position")
        lengths = FileSink.Lengths(
            kept: try required("keptBytes", Int.self), rejected: try required("rejectedBytes", Int.self))
        reports = try required("reports", [JSONObject].self).map {
            try StageReport(json: .object($0), at: url.path)
        }
        guard lengths.kept >= 0, lengths.rejected >= 0, reports.map(\.stage) == ["read"] + stages else {
            throw InputError(
                at: url.path, "the file is no checkpoint of this pass", expected: "reports of read, \(stages)",
                found: "\(reports.map(\.stage))", remedy: "remove the output folder, and start again")
        }
    }
}
