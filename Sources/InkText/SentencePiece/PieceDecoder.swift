/// Pieces to text: the mark for a space becomes a space, except in the first token, and byte pieces become their bytes.
struct PieceDecoder {
    /// Ids of the 256 bytes; empty where there are none.
    let byteIDs: [Int32]

    /// Ids without a token are left out.
    func decode(_ ids: [Int32], token: (Int32) -> String?) -> String {
        var bytes: [UInt8] = []
        var isFirst = true
        for id in ids {
            guard let text = token(id) else { continue }
            if let byte = byteIDs.firstIndex(of: id) {
                bytes.append(UInt8(truncatingIfNeeded: byte))
            } else {
                for scalar in text.unicodeScalars {
                    if scalar != SentencePieceNormalizer.spaceMark {
                        UTF8Text.append(scalar, to: &bytes)
                    } else if !isFirst {
                        bytes.append(UInt8(ascii: " "))
                    }
                }
            }
            isFirst = false
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
