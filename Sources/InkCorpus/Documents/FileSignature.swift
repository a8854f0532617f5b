import InkSupport

/// Tells from a file's first bytes what is no text in UTF-8, whatever its name says.
enum FileSignature: CaseIterable {
    case gzip, xz, zstd, bzip2, zip, utf32, utf16Little, utf16Big

    /// The kind of file that begins so; nil for what may be text.
    init?(_ bytes: [UInt8]) {
        guard let kind = Self.allCases.first(where: { bytes.starts(with: $0.mark) }) else { return nil }
        self = kind
    }

    // UTF-32 comes before UTF-16, whose mark it begins with.
    private var mark: [UInt8] {
        switch self {
        case .gzip: [0x1F, 0x8B, 8]
        case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]
        case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
        case .bzip2: [0x42, 0x5A, 0x68]
        case .zip: [0x50, 0x4B, 3, 4]
        case .utf32: [0xFF, 0xFE, 0, 0]
        case .utf16Little: [0xFF, 0xFE]
        case .utf16Big: [0xFE, 0xFF]
        }
    }

    /// Bytes that tell all kinds.
    static let length = 6

    var name: String {
        switch self {
        case .gzip: "gzip data"
        case .xz: "xz data"
        case .zstd: "zstd data"
        case .bzip2: "bzip2 data"
        case .zip: "a zip archive"
        case .utf32: "text in UTF-32"
        case .utf16Little, .utf16Big: "text in UTF-16"
        }
    }

    private var remedy: String {
        switch self {
        case .gzip: Self.rename("gz", "gzip")
        case .xz: Self.rename("xz", "xz")
        case .zstd: Self.rename("zst", "zstd")
        case .bzip2: "unpack it: bzip2 -d FILE"
        case .zip: "unpack it: unzip FILE"
        case .utf32: "convert it: iconv -f UTF-32 -t UTF-8 FILE > NEW"
        case .utf16Little, .utf16Big: "convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW"
        }
    }

    private static func rename(_ ending: String, _ program: String) -> String {
        "let its name end in .\(ending), or unpack it: \(program) -dc FILE"
    }

    /// Refuses what is no text: read as lines it would give documents of noise.
    /// - Parameter beginning: of the decompressed file.
    /// - Throws: `InputError` (`.data`).
    static func requireText(_ beginning: [UInt8], at location: String) throws {
        guard let kind = FileSignature(beginning) else { return }
        throw InputError(at: location, "is no text in UTF-8", found: kind.name, remedy: kind.remedy)
    }
}

extension Compression {
    /// Refuses a file that is no archive of this kind.
    /// - Parameter beginning: of the file.
    /// - Throws: `InputError` (`.data`).
    func requireArchive(_ beginning: [UInt8], at location: String) throws {
        if beginning.isEmpty {
            throw InputError(
                at: location, "the archive is empty, not even a header is in it", expected: "a .\(rawValue) file",
                found: "0 bytes", remedy: "copy or download it again")
        }
        let kind = FileSignature(beginning)
        guard kind != signature, beginning.count >= FileSignature.length else { return }
        throw InputError(
            at: location, "is no .\(rawValue) file", expected: signature.name, found: kind?.name ?? "other data",
            remedy: "let its name end in what it is")
    }

    private var signature: FileSignature {
        switch self {
        case .gzip: .gzip
        case .xz: .xz
        case .zstd: .zstd
        }
    }
}
