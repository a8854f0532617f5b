import InkSupport

/// Writes the signatures of documents as JSONL records, for an engine on more than one machine.
struct SignatureRecord {
    private static let idField = Array("{\"id\":".utf8)
    private static let bandsField = Array(",\"bands\":[".utf8)
    private static let signatureField = Array("],\"signature\":[".utf8)
    private static let end = Array("]}\n".utf8)

    private let signatures: MinHashSignatures
    /// Two hexadecimal digits of each byte.
    private let digits: [(UInt8, UInt8)]
    /// The decimal digits of each byte with a comma behind, and how many these are.
    private let decimals: [(bytes: SIMD4<UInt8>, count: Int)]
    /// The lists of a record, at their full length.
    private var buffer: [UInt8]

    init(_ signatures: MinHashSignatures) {
        self.signatures = signatures
        let hexadecimal = Array("0123456789abcdef".utf8)
        digits = (0..<256).map { (hexadecimal[$0 >> 4], hexadecimal[$0 & 15]) }
        decimals = (0..<256).map { value in
            let text = Array("\(value),".utf8)
            var bytes = SIMD4<UInt8>()
            for (place, byte) in text.enumerated() { bytes[place] = byte }
            return (bytes, text.count)
        }
        buffer = [UInt8](repeating: 0, count: max(19 * signatures.banding.bands, 4 * signatures.permutations + 4))
    }

    /// Writes the record of a document: its id, the key of each band, and the signature.
    mutating func append(_ document: Document, minima: [UInt32], to bytes: inout [UInt8]) {
        bytes += Self.idField
        JSONString.append(Array(document.id.utf8), to: &bytes)
        bytes += Self.bandsField
        bytes += buffer[..<bands(of: minima)]
        bytes += Self.signatureField
        bytes += buffer[..<signature(of: minima)]
        bytes += Self.end
    }

    /// Fills the buffer with the keys of the bands, and gives its length.
    private mutating func bands(of minima: [UInt32]) -> Int {
        var position = 0
        for band in 0..<signatures.banding.bands {
            let key = signatures.bandKey(band, of: minima)
            buffer[position] = UInt8(ascii: "\"")
            position += 1
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                let (high, low) = digits[Int(key >> shift & 0xFF)]
                buffer[position] = high
                buffer[position + 1] = low
                position += 2
            }
            buffer[position] = UInt8(ascii: "\"")
            buffer[position + 1] = UInt8(ascii: ",")
            position += 2
        }
        return position - 1
    }

    /// Fills the buffer with the numbers of the signature, and gives its length.
    private mutating func signature(of minima: [UInt32]) -> Int {
        var position = 0
        for minimum in minima {
            let (bytes, count) = decimals[Int(minimum & 0xFF)]
            // What is too many is written over by the next.
            buffer[position] = bytes.x
            buffer[position + 1] = bytes.y
            buffer[position + 2] = bytes.z
            buffer[position + 3] = bytes.w
            position += count
        }
        return position - 1
    }
}
