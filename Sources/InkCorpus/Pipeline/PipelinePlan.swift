import Foundation
import InkSupport

/// What a pipeline file says: the input, the stages in order, where the result goes.
public struct PipelinePlan: Sendable {
    /// The name of the pipeline file.
    public let name: String
    /// Everything that the file says.
    public let settings: JSONObject
    public let input: DocumentInput
    public let stages: [StageKind.Stage]
    /// The folder of the run.
    public let output: URL
    public let outputFormat: DocumentFormat
    /// The ending of the documents file, `jsonl` or `jsonl.zst`.
    public let outputEnding: String
    public let seed: UInt64
    public let threads: Int?
    /// Whether removed documents are kept, with the reason.
    public let keepsRejected: Bool
    /// Whether the files between the stages stay.
    public let keepsIntermediate: Bool
    /// Bytes of input between two places of a pass at which a killed run can go on. Where the documents are compressed
    /// they decide the archive's bytes, but never what it unpacks to.
    public let checkpointBytes: Int
    /// Everything that decides the result, to tell whether a run in the folder is this one.
    let identity: JSONValue

    /// - Parameters:
    ///   - values: `input`, `format`, `output`, `output-format`, `compression`, `seed`, `threads`, `rejected`,
    ///     `keep-intermediate`, `max-document-bytes`, `checkpoint-bytes`, `text-field`, `stages`: a list of stage names,
    ///     or maps from a name to its settings.
    ///   - file: the pipeline file; paths in it are relative to its folder.
    /// - Throws: `InputError` (`.usage`) naming the key that is unknown, missing or impossible.
    public init(_ values: JSONObject, file: URL) throws {
        name = file.lastPathComponent
        self.settings = values
        var settings = StageSettings(values, location: file.lastPathComponent)
        let base = file.absoluteURL.deletingLastPathComponent()
        let format = try settings.value("format", as: String.self)
        let paths: [String] = try settings.required("input", as: OneOrMore.self).paths
        let limit = try settings.value("max-document-bytes", default: 16 << 20)
        guard (1 << 10...1 << 30).contains(limit) else {
            throw settings.outOfRange("max-document-bytes", expected: "2^10 to 2^30", found: "\(limit)")
        }
        let textField = try settings.value("text-field", default: "text")
        input = DocumentInput(
            files: try InputFiles.find(
                paths, format: try format.map { try Self.format($0, "format", settings) }, relativeTo: base),
            maximumDocumentBytes: limit, textField: textField)
        output = URL(filePath: try settings.required("output", as: String.self), relativeTo: base).absoluteURL
        try FilePurpose.requireFiles(input, for: file.lastPathComponent)
        try FilePurpose.requireOutside(paths, relativeTo: base, output: output)
        outputFormat = try Self.format(try settings.value("output-format", default: "jsonl"), "output-format", settings)
        let compression = try settings.value("compression", default: "none")
        guard compression == "none" || Compression(rawValue: compression) != nil else {
            throw settings.outOfRange("compression", expected: "none, gz, xz or zst", found: compression)
        }
        let plain = outputFormat == .jsonl ? "jsonl" : "txt"
        outputEnding = compression == "none" ? plain : "\(plain).\(compression)"
        let seed = try settings.value("seed", default: 1)
        guard seed >= 0 else { throw settings.outOfRange("seed", expected: "0 or more", found: "\(seed)") }
        self.seed = UInt64(seed)
        threads = try settings.value("threads")
        if let threads, !(1...1024).contains(threads) {
            throw settings.outOfRange("threads", expected: "1 to 1024", found: "\(threads)")
        }
        keepsRejected = try settings.value("rejected", default: true)
        keepsIntermediate = try settings.value("keep-intermediate", default: false)
        checkpointBytes = try settings.value("checkpoint-bytes", default: 64 << 20)
        guard (1 << 10...1 << 40).contains(checkpointBytes) else {
            throw settings.outOfRange("checkpoint-bytes", expected: "2^10 to 2^40", found: "\(checkpointBytes)")
        }
        let list = try settings.required("stages", as: [StageEntry].self)
        if list.isEmpty { throw settings.outOfRange("stages", expected: "at least one stage", found: "none") }
        var stages: [StageKind.Stage] = []
        var files = input.files.map(\.url)
        for (index, entry) in list.enumerated() {
            let place = "\(file.lastPathComponent): stages[\(index)]"
            let kind = try StageKind.named(entry.name, at: place)
            var settings = StageSettings(
                entry.settings, location: "\(place): \(entry.name)", folder: base, seed: self.seed)
            stages.append(Self.stage(try kind.make(&settings), behind: stages))
            files += settings.files
        }
        self.stages = stages
        try settings.finish()
        for case .corpus(let stage) in stages { try stage.check() }
        identity = Self.identity(values, files)
    }

    /// A filter by words warns of those that the cleaning before it leaves in no text.
    private static func stage(_ stage: StageKind.Stage, behind earlier: [StageKind.Stage]) -> StageKind.Stage {
        guard case .document(let own) = stage, let filter = own as? FilterStage else { return stage }
        let cleans = earlier.compactMap { if case .document(let stage) = $0 { stage as? CleanStage } else { nil } }
        return cleans.last.map { .document(filter.behind($0)) } ?? stage
    }

    private static func format(_ name: String, _ key: String, _ settings: StageSettings) throws -> DocumentFormat {
        guard let format = DocumentFormat(rawValue: name) else {
            let names = DocumentFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw settings.outOfRange(key, expected: "one of \(names)", found: name)
        }
        return format
    }

    /// The settings but those that change nothing in the result, and the size and time of every file that is read.
    private static func identity(_ values: JSONObject, _ files: [URL?]) -> JSONValue {
        var values = values
        for name in ["threads", "output", "keep-intermediate"] { values[name] = nil }
        let files = files.flatMap(contents).map { file in
            let facts = file?.fileFacts
            return JSONValue.record([
                "path": .string(file?.path ?? "-"), "bytes": .integer(facts?.bytes ?? 0),
                "modified": .float(facts?.modified ?? 0),
            ])
        }
        return .record([
            "version": .string(InkstoneVersion.current), "settings": .object(values), "files": .array(files),
        ])
    }

    /// The files of a folder, or the file itself.
    private static func contents(_ url: URL?) -> [URL?] {
        guard let url, url.isFolder else { return [url] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.sorted().map { url.appending(path: $0) }
    }
}

/// One path or a list of them.
private struct OneOrMore: JSONDecodable {
    let paths: [String]

    init?(_ json: JSONValue) {
        if let path = String(json) {
            paths = [path]
        } else if let list = [String](json), !list.isEmpty {
            paths = list
        } else {
            return nil
        }
    }

    static var jsonKind: String { "a path or a list of paths" }
}

/// `dedup`, or `dedup: {method: near}`.
private struct StageEntry: JSONDecodable {
    let name: String
    let settings: JSONObject

    init?(_ json: JSONValue) {
        if let name = String(json) {
            self.name = name
            settings = JSONObject()
            return
        }
        guard let object = JSONObject(json), object.names.count == 1, let name = object.names.first else { return nil }
        self.name = name
        switch object[name] {
        case .object(let settings): self.settings = settings
        case .null: settings = JSONObject()
        default: return nil
        }
    }

    static var jsonKind: String { "a stage's name, or a map from it to its settings" }
}
