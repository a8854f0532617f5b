import Foundation
import InkSupport
import InkText

// The file: 8 bytes that name the format, the length of the header (8 bytes, little-endian), the header in JSON, the
// weights and biases as little-endian floats, and the SHA-256 of all that in hexadecimal digits.
extension LinearClassifier {
    private static let magic = Array("INKLINR1".utf8)
    private static let checksumLength = 64
    /// A longer header is no header. A dictionary of words is a part of it.
    private static let longestHeader = 64 << 20

    /// Writes the model; the file is whole or the old one stays.
    /// - Throws: `InputError` (`.run`) when it cannot be written.
    public func write(to url: URL) throws {
        var header = JSONObject([
            "labels": .strings(labels),
            "characters": .integers([features.characters.lowerBound, features.characters.upperBound]),
            "words": .integer(features.words), "bits": .integer(features.bits),
        ])
        if let entries = features.segmenter?.dictionary.entries {
            header["dictionary"] = .strings(entries.map(\.word))
            header["frequencies"] = .integers(entries.map(\.frequency))
        }
        let json = Array(JSONValue.object(header).serialized(indented: false).utf8)
        var bytes = Self.magic
        bytes.reserveCapacity(4 * (weights.count + bias.count) + json.count + 128)
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: UInt64(json.count) >> UInt64(8 * shift))) }
        bytes += json
        for value in weights { Self.append(value, to: &bytes) }
        for value in bias { Self.append(value, to: &bytes) }
        var hash = SHA256()
        hash.update(bytes)
        bytes += Array(hash.hexDigest().utf8)
        let writer = try AtomicFileWriter(url)
        try writer.append(bytes)
        try writer.commit()
    }

    /// Reads a model.
    /// - Throws: `InputError` (`.data`) for a file that is missing, cut off, damaged, or no model.
    public init(contentsOf url: URL) throws {
        let bytes = try WholeFile.read(url, limit: WholeFile.dataLimit)
        guard bytes.starts(with: Self.magic) else {
            throw InputError(
                at: url.path, "the file is no linear model", expected: "a file of inkstone corpus quality train",
                found: bytes.isEmpty ? "an empty file" : "another format")
        }
        var length: UInt64 = 0
        guard bytes.count >= 16 else { throw Self.cutOff(url, expected: 16, found: bytes.count) }
        for index in 0..<8 { length |= UInt64(bytes[8 + index]) << UInt64(8 * index) }
        guard length <= Self.longestHeader else {
            throw InputError(at: url.path, "the file is damaged", found: "a header of \(length) bytes")
        }
        let weightStart = 16 + Int(length)
        guard bytes.count >= weightStart else { throw Self.cutOff(url, expected: weightStart, found: bytes.count) }
        let location = "\(url.path): header"
        let json = try JSONValue(parsing: Array(bytes[16..<weightStart]), location: location)
        guard case .object(let header) = json else {
            throw InputError(at: location, "the header is damaged", expected: "an object", found: json.kind)
        }
        let labels: [String] = try Self.required("labels", header, location)
        let characters: [Int] = try Self.required("characters", header, location)
        let words: Int = try Self.required("words", header, location)
        let bits: Int = try Self.required("bits", header, location)
        guard characters.count == 2, characters[0] <= characters[1] else {
            throw InputError(
                at: "\(location): characters", "the header is damaged", expected: "two lengths", found: "\(characters)")
        }
        do {
            try self.init(
                labels: labels,
                features: try FeatureHashing(
                    characters: characters[0]...characters[1], words: words, bits: bits,
                    dictionary: try Self.dictionary(header, location)))
        } catch var error as InputError {
            error.kind = .data
            error.location = "\(location): \(error.location)"
            throw error
        }
        let end = weightStart + 4 * (weights.count + bias.count)
        let expected = end + Self.checksumLength
        guard bytes.count >= expected else { throw Self.cutOff(url, expected: expected, found: bytes.count) }
        var hash = SHA256()
        hash.update(Array(bytes[0..<end]))
        guard bytes.count == expected, Array(bytes[end...]) == Array(hash.hexDigest().utf8) else {
            throw InputError(
                at: url.path, "the file is damaged", found: "contents that do not match the checksum",
                remedy: "copy it again, or train the model again")
        }
        var position = weightStart
        for index in weights.indices { weights[index] = Self.float(bytes, &position) }
        for index in bias.indices { bias[index] = Self.float(bytes, &position) }
    }

    /// The words of Chinese text, where the model has them.
    private static func dictionary(_ header: JSONObject, _ location: String) throws -> WordDictionary? {
        guard let words: [String] = try header.value("dictionary", at: location) else { return nil }
        let frequencies: [Int] = try required("frequencies", header, location)
        guard words.count == frequencies.count else {
            throw InputError(
                at: "\(location): frequencies", "the header is damaged", expected: "\(words.count) numbers",
                found: "\(frequencies.count)")
        }
        return try WordDictionary(zip(words, frequencies).map { WordDictionary.Entry($0, frequency: $1) })
    }

    private static func required<Value: JSONDecodable>(
        _ name: String, _ header: JSONObject, _ location: String
    ) throws -> Value {
        guard let value: Value = try header.value(name, at: location) else {
            throw InputError(at: "\(location): \(name)", "the header is damaged", expected: Value.jsonKind)
        }
        return value
    }

    private static func cutOff(_ url: URL, expected: Int, found: Int) -> InputError {
        InputError(
            at: url.path, "the file is cut off", expected: "\(expected) bytes or more", found: "\(found) bytes",
            remedy: "copy it again, or train the model again")
    }

    private static func append(_ value: Float, to bytes: inout [UInt8]) {
        let bits = value.bitPattern
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
    }

    private static func float(_ bytes: [UInt8], _ position: inout Int) -> Float {
        defer { position += 4 }
        let low = UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8
        return Float(bitPattern: low | UInt32(bytes[position + 2]) << 16 | UInt32(bytes[position + 3]) << 24)
    }
}
