import Foundation

/// Files that are opened for one process alone, by a lock that the system takes back when the process ends, however
/// that comes about.
enum LockedFile {
    /// What came of opening a file.
    enum Outcome {
        /// A descriptor to write with. Not locked where the file system has no locks.
        case opened(Int32, isLocked: Bool)
        /// Another holds the lock.
        case busy
        /// The system's error number.
        case failed(Int32)
    }

    /// Opens the file at `path`, which is made where it is not there, and locks it.
    static func open(_ path: String) -> Outcome {
        while true {
            let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { return .failed(errno) }
            let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
            if !isLocked, errno == EWOULDBLOCK {
                close(descriptor)
                return .busy
            }
            // Between open and lock the holder may have renamed or removed this very file: then the lock is on a file
            // that goes by another name, or none.
            var opened = stat()
            var named = stat()
            guard fstat(descriptor, &opened) == 0, lstat(path, &named) == 0, opened.st_ino == named.st_ino else {
                close(descriptor)
                continue
            }
            return .opened(descriptor, isLocked: isLocked)
        }
    }
}
