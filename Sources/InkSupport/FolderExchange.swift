import Foundation

/// Puts a set of staged files in the place of files of a folder, so that whoever looks sees the old set or the new one,
/// whenever the process is ended.
///
/// The staged files lie in the folder's `.next`. For the exchange each file's name becomes a symbolic link into `.shown`,
/// a link that stands first for the old files (in `.earlier`) and then, by one rename, for the new ones. At last the files
/// themselves take the places of the links. `recover` ends an exchange that was cut off.
public enum FolderExchange {
    /// The folder, inside of the one that is shown, with the staged files.
    public static let stagingName = ".next"
    static let earlierName = ".earlier"
    static let shownName = ".shown"
    /// Everything that an exchange may leave in a folder.
    public static let workNames = [stagingName, earlierName, shownName, partial(shownName)]

    /// The system refused a link of a kind that the file system does not have.
    private struct NoLinks: Error {}

    /// Exchanges.
    /// - Parameters:
    ///   - names: the files of the old set, relative to the folder; those that are not there are passed over.
    /// - Throws: `InputError` (`.run`); `recover` then gives the old set or the new one.
    public static func replace(_ names: Set<String>, in folder: URL) throws {
        try replace(names, in: folder, linking: true) {}
    }

    /// - Parameters:
    ///   - linking: false as on a file system without links, where the files take their places one after the other.
    ///   - step: called after every change of the folder.
    package static func replace(
        _ names: Set<String>, in folder: URL, linking: Bool, step: () throws -> Void
    ) throws {
        try recover(folder)
        let staged = Set(files(in: folder.appending(path: stagingName)))
        let all = names.filter { kind(of: folder.appending(path: $0)) != nil }.union(staged).sorted()
        do {
            if !linking { throw NoLinks() }
            try show(all, in: folder, step)
        } catch is NoLinks {
            try recover(folder)
            for name in all where !staged.contains(name) { unlink(folder.appending(path: name).path) }
            for name in all where staged.contains(name) {
                try move(folder.appending(path: "\(stagingName)/\(name)"), to: folder.appending(path: name))
                try step()
            }
            remove(folder.appending(path: stagingName))
            return
        }
        // The one rename.
        try link(shownName, in: folder, to: stagingName)
        try? PartialFile.sync(folder)
        try step()
        try settle(folder, step)
    }

    /// Ends an exchange that was cut off: the folder holds the old set, and the staged one apart, or the new set.
    /// - Throws: `InputError` (`.run`).
    public static func recover(_ folder: URL) throws { try settle(folder) {} }

    /// Makes every name a link to what is shown, which is the old set.
    private static func show(_ names: [String], in folder: URL, _ step: () throws -> Void) throws {
        let earlier = folder.appending(path: earlierName)
        for name in names {
            let place = folder.appending(path: name)
            let kept = earlier.appending(path: name)
            try SystemError.makeFolder(kept.deletingLastPathComponent())
            try SystemError.makeFolder(place.deletingLastPathComponent())
            guard let kind = kind(of: place) else { continue }
            // A relative link would lead elsewhere from the other folder.
            let result =
                kind == S_IFLNK
                ? symlink(place.resolvingSymlinksInPath().path, kept.path) : Foundation.link(place.path, kept.path)
            if result != 0 { try refuse(place, "cannot keep the file of the earlier run", errno) }
            try step()
        }
        try link(shownName, in: folder, to: earlierName)
        try step()
        for name in names {
            try link(name, in: folder, to: target(of: name))
            try step()
        }
    }

    /// Lets the files that are shown take the places of their links, and removes what was needed for the exchange.
    private static func settle(_ folder: URL, _ step: () throws -> Void) throws {
        let (earlier, staging) = (folder.appending(path: earlierName), folder.appending(path: stagingName))
        let pointer = folder.appending(path: shownName)
        let shown = destination(of: pointer)
        if let shown {
            for name in Set(files(in: earlier) + files(in: staging)).sorted() {
                let place = folder.appending(path: name)
                guard destination(of: place) == target(of: name) else { continue }
                let file = folder.appending(path: "\(shown)/\(name)")
                if kind(of: file) == nil { unlink(place.path) } else { try move(file, to: place) }
                try step()
            }
            // No name leads there any more. The pointer goes last: as long as it stands, this is done again.
            if shown == stagingName { remove(staging) }
            remove(earlier)
            unlink(pointer.path)
            try step()
        }
        unlink(folder.appending(path: partial(shownName)).path)
        remove(earlier)
    }

    /// Makes a name in the folder a link, in place of what it was.
    private static func link(_ name: String, in folder: URL, to target: String) throws {
        let place = folder.appending(path: name)
        let temporary = place.deletingLastPathComponent().appending(path: partial(place.lastPathComponent))
        unlink(temporary.path)
        if symlink(target, temporary.path) != 0 { try refuse(place, "cannot make a link", errno) }
        try move(temporary, to: place)
    }

    private static func move(_ file: URL, to place: URL) throws {
        if rename(file.path, place.path) != 0 {
            throw SystemError.inputError(at: place.path, "cannot give the file its name", errno)
        }
    }

    private static func refuse(_ place: URL, _ problem: String, _ code: Int32) throws {
        if [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EMLINK].contains(code) { throw NoLinks() }
        throw SystemError.inputError(at: place.path, problem, code)
    }

    /// What the link of a name says, from the folder that it is in.
    private static func target(of name: String) -> String {
        String(repeating: "../", count: name.count { $0 == "/" }) + "\(shownName)/\(name)"
    }

    private static func partial(_ name: String) -> String { ".\(name).partial" }

    /// The files below a folder, relative to it; hidden ones are unfinished.
    private static func files(in folder: URL) -> [String] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { name in
            !name.split(separator: "/").contains { $0.hasPrefix(".") }
                && kind(of: folder.appending(path: name)).map { $0 != S_IFDIR } == true
        }
    }

    private static func kind(of place: URL) -> mode_t? {
        var facts = stat()
        return lstat(place.path, &facts) == 0 ? facts.st_mode & S_IFMT : nil
    }

    private static func destination(of place: URL) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: place.path)
    }

    private static func remove(_ folder: URL) { try? FileManager.default.removeItem(at: folder) }
}
