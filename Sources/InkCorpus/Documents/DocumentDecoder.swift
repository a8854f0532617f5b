import Foundation
import InkSupport

/// Tells the documents of a block apart.
enum DocumentDecoder {
    /// Names of what may be wrong with an input, in reports.
    enum Problem {
        /// Bytes that are no UTF-8; U+FFFD stands for them from then on.
        static let encoding = "invalid-utf8"
        /// A line that is no JSON object with a `text`.
        static let record = "unreadable-record"
        /// A document longer than the limit.
        static let size = "oversized"
    }

    /// Longest part of an unreadable record that is kept to be shown.
    private static let shownBytes = 1000

    /// The documents of a block, in order, and what was wrong.
    static func decode(_ block: DocumentBlock) -> DocumentInput.Batch {
        var decoding = Decoding(block)
        decoding.run()
        return decoding.batch
    }

    private struct Decoding {
        let block: DocumentBlock
        /// Whether the whole block is UTF-8, so that no document has to be looked at.
        let isValid: Bool
        /// Of the file; taken apart from its path once, not for each document.
        let name: String
        let source: String
        /// What the ids of documents that have none begin with.
        let prefix: String
        var batch = DocumentInput.Batch(documents: [], problems: StageTally(), unreadable: [])
        var line: Int

        init(_ block: DocumentBlock) {
            self.block = block
            isValid = String(validating: block.bytes, as: UTF8.self) != nil
            name = block.file.name
            prefix = name + ":"
            var url = URL(filePath: name)
            if Compression.of(url) != nil { url.deletePathExtension() }
            source = url.deletingPathExtension().lastPathComponent
            line = block.firstLine
        }

        mutating func run() {
            for line in block.oversized { rejectOversized(line) }
            let bytes = block.bytes
            var start = block.firstLine == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            // Of a document in paragraphs: where it begins, and on which line.
            var paragraph: (start: Int, line: Int)?
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
                let content = Self.trimmed(bytes[start..<end])
                switch block.file.format {
                case .lines: if !content.isEmpty { add(content, line) }
                case .jsonl: if !content.isEmpty { addRecord(content) }
                case .paragraphs:
                    if content.isEmpty {
                        if let (first, line) = paragraph { add(Self.trimmed(bytes[first..<start]), line) }
                        paragraph = nil
                    } else if paragraph == nil {
                        paragraph = (start, line)
                    }
                }
                start = end + 1
                line += 1
            }
            if let (first, line) = paragraph { add(Self.trimmed(bytes[first...]), line) }
        }

        private mutating func add(_ slice: ArraySlice<UInt8>, _ line: Int) {
            if slice.count > block.maximumDocumentBytes { return rejectOversized(line) }
            let id = prefix + String(line)
            batch.documents.append(Document(utf8: valid(slice, id), id: id, source: source))
        }

        private mutating func addRecord(_ slice: ArraySlice<UInt8>) {
            if slice.count > block.maximumDocumentBytes { return rejectOversized(line) }
            let place = "\(name):\(line)"
            let utf8 = valid(slice, place)
            if let record = RecordScanner.scan(utf8, textField: block.textField), let text = record.text {
                batch.documents.append(document(text, record, place))
                return
            }
            do {
                let value = try JSONValue(parsing: utf8, location: place)
                guard case .object(var object) = value else {
                    return reject(utf8, line, Problem.record, "expected an object, found \(value.kind)")
                }
                guard case .string(let text)? = object[block.textField] else {
                    let reason = MissingText(object, field: block.textField)
                    return reject(utf8, line, Problem.record, reason.description, remedy: reason.remedy)
                }
                var document = Document(
                    utf8: Array(text.utf8), id: try object.value("id", FieldText.self, at: place)?.text ?? place,
                    source: try object.value("source", FieldText.self, at: place)?.text ?? source,
                    meta: try object.value("meta", JSONObject.self, at: place) ?? JSONObject())
                for name in [block.textField, "id", "source", "meta"] { object[name] = nil }
                for name in object.names where document.meta[name] == nil { document.meta[name] = object[name] }
                batch.documents.append(document)
            } catch let error as InputError {
                let shown = DisplayWidth.truncate(String(decoding: utf8.prefix(200), as: UTF8.self), to: 40)
                let detail = error.found.map { "\(error.problem): \($0)" } ?? error.problem
                reject(utf8, line, Problem.record, "\(detail), in \(shown)")
            } catch {
                reject(utf8, line, Problem.record, "\(error)")
            }
        }

        private func document(_ text: [UInt8], _ record: RecordScanner.Record, _ place: String) -> Document {
            var document = Document(
                utf8: text, id: record.id.map { String(decoding: $0, as: UTF8.self) } ?? place,
                source: record.source.map { String(decoding: $0, as: UTF8.self) } ?? source,
                meta: record.meta ?? JSONObject())
            for (name, value) in record.others where document.meta[name] == nil { document.meta[name] = value }
            return document
        }

        private mutating func valid(_ slice: ArraySlice<UInt8>, _ id: String) -> [UInt8] {
            if isValid || String(validating: slice, as: UTF8.self) != nil { return Array(slice) }
            let repaired = String(decoding: slice, as: UTF8.self)
            batch.problems.count(Problem.encoding)
            batch.problems.example(Problem.encoding, id: id, before: String(repaired.prefix(60)), after: nil)
            note(Problem.encoding, line, "U+FFFD stands for bytes that are no UTF-8")
            return Array(repaired.utf8)
        }

        private mutating func rejectOversized(_ line: Int) {
            reject([], line, Problem.size, "longer than the limit of \(block.maximumDocumentBytes) bytes; skipped")
        }

        private mutating func note(_ rule: String, _ line: Int, _ reason: String, remedy: String? = nil) {
            batch.problems.note(
                rule,
                StageTally.Place(
                    file: block.end.file, line: line, name: "\(name):\(line)", reason: reason, remedy: remedy))
        }

        private mutating func reject(
            _ utf8: [UInt8], _ line: Int, _ rule: String, _ detail: String, remedy: String? = nil
        ) {
            note(rule, line, detail, remedy: remedy)
            let text = String(decoding: utf8.prefix(DocumentDecoder.shownBytes), as: UTF8.self)
            let document = Document(text: text, id: "\(name):\(line)", source: source)
            batch.problems.count(rule)
            batch.problems.example(rule, id: document.id, before: String(text.prefix(60)), after: nil)
            batch.unreadable.append(RejectedDocument(document, stage: "read", rule: rule, detail: detail))
        }

        /// Without spaces, tabs and line ends around it.
        private static func trimmed(_ slice: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
            func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }
            var slice = slice.drop(while: isSpace)
            while let last = slice.last, isSpace(last) { slice.removeLast() }
            return slice
        }
    }

    /// A field that should be text; numbers serve as ids too.
    private struct FieldText: JSONDecodable {
        let text: String

        init?(_ json: JSONValue) {
            switch json {
            case .string(let text), .number(let text): self.text = text
            default: return nil
            }
        }

        static var jsonKind: String { "text or a number" }
    }
}
