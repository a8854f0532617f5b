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

    /// The error for a failed system call on `path`.
    package static func inputError(
        _ kind: InputError.Kind = .run, at path: String, _ problem: String, _ code: Int32
    ) -> InputError {
        let remedy: String? =
            switch code {
            case ENOSPC, EDQUOT: "free some space, or choose an output folder on another disk"
            case EACCES, EPERM, EROFS: "choose a folder that you may use, or change its permissions"
            case ENOENT, ENOTDIR: "check the path"
            default: nil
            }
        return InputError(kind, at: path, "\(problem): \(reason(code))", remedy: remedy)
    }
}
