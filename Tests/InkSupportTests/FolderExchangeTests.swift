import Foundation
import InkSupport
import InkTestSupport
import Testing

/// The exchange of a set of files, cut off after every single change.
@Suite struct FolderExchangeTests {
    private struct Killed: Error {}

    private let files = FileManager.default
    private static let old = ["config.json", "vocab.txt", "model.safetensors", "last/state.safetensors"]
    private static let new = [
        "config.json", "spiece.model", "model.safetensors", "last/state.safetensors", "metrics.jsonl",
    ]
    private static let own = ["notes.txt", "last/mine.txt", "data/a.txt"]
    private static let names = Set(old + ["metrics.jsonl", "report.html"])

    private func write(_ names: [String], _ text: String, in folder: URL) throws {
        for name in names {
            let file = folder.appending(path: name)
            try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    private func make(_ folder: URL) throws {
        try write(Self.old, "old", in: folder)
        try write(Self.own, "own", in: folder)
        try write(Self.new, "new", in: folder.appending(path: FolderExchange.stagingName))
        try write(["last/.state.safetensors.partial"], "half", in: folder.appending(path: FolderExchange.stagingName))
    }

    /// What one sees at the top: names with their contents; what leads nowhere is not there.
    private func top(_ folder: URL) throws -> [String: String] {
        var seen: [String: String] = [:]
        for name in Set(Self.old + Self.new + ["report.html"]) {
            guard let data = files.contents(atPath: folder.appending(path: name).path) else { continue }
            seen[name] = String(decoding: data, as: UTF8.self)
        }
        for name in Self.own {
            #expect(try Data(contentsOf: folder.appending(path: name)) == Data("own".utf8), "\(name) stays")
        }
        return seen
    }

    private static let oldTop = Dictionary(uniqueKeysWithValues: old.map { ($0, "old") })
    private static let newTop = Dictionary(uniqueKeysWithValues: new.map { ($0, "new") })

    private func leftovers(_ folder: URL) throws -> [String] {
        try files.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix(".") }
    }

    @Test(arguments: [true, false]) func theNewSetTakesThePlaceOfTheOld(_ linking: Bool) throws {
        try withTemporaryFolder { folder in
            try make(folder)
            try FolderExchange.replace(Self.names, in: folder, linking: linking) {}
            #expect(try top(folder) == Self.newTop)
            let names = Set(try files.subpathsOfDirectory(atPath: folder.path))
            #expect(names == Set(Self.new + Self.own + ["last", "data"]), "and no link is left")
            for name in Self.new {
                let type = try files.attributesOfItem(atPath: folder.appending(path: name).path)[.type]
                #expect(type as? FileAttributeType == .typeRegular, "\(name) is a file, no link")
            }
        }
    }

    @Test func cutOffAnywhereItIsTheOldSetOrTheNew() throws {
        var cut = 0
        var seen: Set<String> = []
        while true {
            let isWhole = try withTemporaryFolder { folder in
                try make(folder)
                var steps = 0
                do {
                    try FolderExchange.replace(Self.names, in: folder, linking: true) {
                        #expect([Self.oldTop, Self.newTop].contains(try top(folder)), "after step \(steps)")
                        steps += 1
                        if steps > cut { throw Killed() }
                    }
                    return true
                } catch is Killed {}
                let before = try top(folder)
                try FolderExchange.recover(folder)
                #expect(try top(folder) == before, "cut off after \(cut)")
                let isNew = before == Self.newTop
                seen.insert(isNew ? "new" : "old")
                #expect(try leftovers(folder) == (isNew ? [] : [FolderExchange.stagingName]))
                // What was staged is still whole, and takes its place the next time.
                if !isNew { try FolderExchange.replace(Self.names, in: folder) }
                #expect(try top(folder) == Self.newTop)
                return false
            }
            if isWhole { break }
            cut += 1
        }
        #expect(cut > 15 && seen == ["old", "new"])
    }

    /// A large file that the user moved to another disk, with a link in its place.
    @Test func aLinkOfTheUserIsReplacedAndItsFileStays() throws {
        try withTemporaryFolder { folder in
            try make(folder)
            let file = folder.appending(path: "model.safetensors")
            try files.moveItem(at: file, to: folder.appending(path: "elsewhere"))
            try files.createSymbolicLink(atPath: file.path, withDestinationPath: "elsewhere")
            var steps = 0
            #expect(throws: Killed.self) {
                try FolderExchange.replace(Self.names, in: folder, linking: true) {
                    #expect([Self.oldTop, Self.newTop].contains(try top(folder)))
                    steps += 1
                    if steps == 8 { throw Killed() }
                }
            }
            #expect(try top(folder) == Self.oldTop)
            try FolderExchange.replace(Self.names, in: folder)
            #expect(try top(folder) == Self.newTop)
            #expect(try Data(contentsOf: folder.appending(path: "elsewhere")) == Data("old".utf8))
        }
    }
}
