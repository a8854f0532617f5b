import Foundation

/// Folders that a run will write.
package enum OutputFolder {
    /// Less free space than this is none.
    private static let leastFreeBytes = 1 << 20

    /// Whether files can be written into the folder at `url`, or whether it can be made. Changes nothing.
    /// - Throws: `InputError` (`.usage`) for a file in the way, (`.run`) for a place that is not writable or full.
    package static func check(_ url: URL) throws {
        var place = url.absoluteURL
        while !place.exists, place.path != "/" { place.deleteLastPathComponent() }
        guard place.isFolder else {
            throw InputError(
                .usage, at: url.path, "is a file, not a folder", found: place.path == url.path ? nil : place.path,
                remedy: "give another --output")
        }
        guard access(place.path, W_OK | X_OK) == 0 else {
            throw SystemError.inputError(at: place.path, "cannot write into the folder", errno)
        }
        var facts = statvfs()
        guard statvfs(place.path, &facts) == 0 else { return }
        let (free, overflow) = Int(clamping: facts.f_bavail).multipliedReportingOverflow(
            by: Int(clamping: facts.f_frsize))
        guard overflow || free >= leastFreeBytes else {
            throw SystemError.inputError(at: place.path, "cannot write into the folder", ENOSPC)
        }
    }
}
