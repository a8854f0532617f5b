import Foundation

/// What stands in place of a file that was never downloaded.
package enum Placeholder {
    /// First bytes that tell.
    package static let length = 512

    /// - Parameters:
    ///   - start: the first bytes of the file, at most `length`.
    ///   - size: bytes of the whole file.
    /// - Throws: `InputError` for the pointer of Git LFS and for a web page.
    package static func check(_ start: [UInt8], of size: Int, at path: String) throws {
        if start.starts(with: "version https://git-lfs".utf8) {
            throw InputError(
                at: path, "a Git LFS pointer stands in place of the file", found: "a text file of \(size) bytes",
                remedy: "run `git lfs install` and `git lfs pull` in the folder, or download the file itself")
        }
        let text = start.drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }.prefix(64)
        let beginning = String(decoding: text, as: UTF8.self).lowercased()
        if beginning.hasPrefix("<!doctype html") || beginning.hasPrefix("<html") {
            throw InputError(
                at: path, "a web page stands in place of the file", found: "HTML of \(size) bytes",
                remedy: "download the file itself: the link was that of a page about it, or gave an error page")
        }
    }

    /// The same for a file that is not open yet.
    /// - Throws: as the other, and when the file cannot be read.
    package static func check(_ file: URL) throws {
        try WholeFile.requireRegular(file)
        let reader = try ByteReader(contentsOf: file, chunkSize: length)
        guard let start = try reader.next() else { return }
        let size = (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? nil
        try check(start, of: size ?? start.count, at: file.relativePath)
    }
}
