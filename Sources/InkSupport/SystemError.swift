import Foundation

/// Errors of the operating system in the user's words.
package enum SystemError {
    /// The reason for an `errno` value, for instance "disk full".
    package static func reason(_ code: Int32) -> String {
        switch code {
        case ENOSPC: "disk full"
        case EDQUOT: "disk quota used up"
        case EACCES, EPERM: "permission denied"
        case EROFS: "the file system is read-only"
        case ENOENT: "no such file or folder"
        case ENOTDIR: "a part of the path is not a folder"
        case EISDIR: "it is a folder"
        case EFBIG: "the file is larger than the file system or a limit allows"
        case EMFILE, ENFILE: "too many open files"
        default: String(cString: strerror(code))
        }
    }

    /// The reason of an error that Foundation gives: that of the system below it, not the number of its own.
    package static func reason(_ error: any Error) -> String {
        if let error = error as? InputError { return error.problem }
        var next: NSError? = error as NSError
        while let error = next {
            if error.domain == NSPOSIXErrorDomain { return reason(Int32(truncatingIfNeeded: error.code)) }
            next = error.userInfo[NSUnderlyingErrorKey] as? NSError
        }
        switch (error as? CocoaError)?.code {
        case .fileNoSuchFile?, .fileReadNoSuchFile?: return reason(ENOENT)
        case .fileReadNoPermission?, .fileWriteNoPermission?: return reason(EACCES)
        case .fileWriteFileExists?: return "a file of that name is there"
        case .fileWriteOutOfSpace?: return reason(ENOSPC)
        case .fileWriteVolumeReadOnly?: return reason(EROFS)
        default: return "the system refused it"
        }
    }

    /// Makes a folder and those above it; one that is there stays. Throws `InputError` (`.run`) naming what is in the way.
    package static func makeFolder(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            var obstacle = folder
            while !obstacle.exists, obstacle.pathComponents.count > 1 { obstacle.deleteLastPathComponent() }
            let isFile = obstacle.exists && !obstacle.isFolder
            throw InputError(
                .run, at: folder.path, "the folder cannot be made",
                found: isFile ? "\(obstacle.path) is a file" : reason(error),
                remedy: isFile ? "give another output folder" : "check the path and its permissions")
        }
    }

    /// Files that this process may have open.
    private static var descriptorLimit: Int { sysconf(Int32(_SC_OPEN_MAX)) }

    /// The error for a failed system call on `path`.
    package static func inputError(
        _ kind: InputError.Kind = .run, at path: String, _ problem: String, _ code: Int32
    ) -> InputError {
        let remedy: String? =
            switch code {
            case ENOSPC, EDQUOT: "free some space, or choose an output folder on another disk"
            case EACCES, EPERM, EROFS: "choose a folder that you may use, or change its permissions"
            case ENOENT, ENOTDIR: "check the path"
            case EMFILE: "raise the limit, now \(descriptorLimit): ulimit -n 1024"
            case EAGAIN: "raise the limit of processes (ulimit -u), or end some of them"
            case ENOMEM: "raise the limit of memory (ulimit -v), or end other programs"
            default: nil
            }
        return InputError(kind, at: path, "\(problem): \(reason(code))", remedy: remedy)
    }
}
