import Foundation

extension URL {
    /// Bytes and time of change of a file, links followed, to tell whether it is still the same; nil where there is none.
    var fileFacts: (bytes: Int, modified: Double)? {
        let values = try? resolvingSymlinksInPath().resourceValues(
            forKeys: [.fileSizeKey, .contentModificationDateKey])
        guard let bytes = values?.fileSize, let modified = values?.contentModificationDate else { return nil }
        return (bytes, modified.timeIntervalSince1970)
    }
}
