import Foundation
import InkSupport

/// How a file is compressed, told by its name. The system's own programs do the work, in a process beside this one.
public enum Compression: String, Sendable, CaseIterable {
    case gzip = "gz"
    case xz
    case zstd = "zst"

    /// The compression that a file's name tells; nil for none.
    public static func of(_ url: URL) -> Compression? { Compression(rawValue: url.pathExtension.lowercased()) }

    /// The program, and the Debian package that brings it.
    var program: (name: String, package: String) {
        switch self {
        case .gzip: ("gzip", "gzip")
        case .xz: ("xz", "xz-utils")
        case .zstd: ("zstd", "zstd")
        }
    }

    /// Arguments that read standard input and write standard output: the same bytes for the same input, without a time
    /// or name inside.
    var compressing: [String] {
        switch self {
        case .gzip: ["-c", "-n"]
        case .xz: ["-c", "-1"]
        case .zstd: ["-c", "-q", "-3"]
        }
    }

    var decompressing: [String] { self == .zstd ? ["-d", "-c", "-q"] : ["-d", "-c"] }

    /// Where the program is.
    /// - Throws: `InputError` (`.run`) with the command that installs it.
    func executable(for file: String) throws -> URL {
        let (name, package) = program
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for folder in path.split(separator: ":") {
            let candidate = "\(folder)/\(name)"
            if FileManager.default.isExecutableFile(atPath: candidate) { return URL(filePath: candidate) }
        }
        throw InputError(
            .run, at: file, "the program \(name), which \(rawValue) files need, is not installed",
            remedy: "install it: apt-get install \(package), or brew install \(name == "gzip" ? "gzip" : name)")
    }
}
