import Foundation

extension URL {
    /// Whether a file or folder stands at the path.
    package var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether a folder stands at the path.
    package var isFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
