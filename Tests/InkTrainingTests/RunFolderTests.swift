import Foundation
import InkSupport
import InkTestSupport
import InkTraining
import Testing

@Suite struct RunFolderTests {
    private let files = FileManager.default

    private func write(_ names: [String], in folder: URL) throws {
        for name in names {
            let file = folder.appending(path: name)
            try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(name.utf8).write(to: file)
        }
    }

    private func contents(_ folder: URL) throws -> Set<String> {
        Set(try files.subpathsOfDirectory(atPath: folder.path))
    }

    private func refusal(_ folder: URL, _ policy: RunFolder.Policy) throws -> InputError {
        try #require(throws: InputError.self) { try RunFolder(folder).prepare(policy) }
    }

    private static let run = [
        "inkstone.json", "metrics.jsonl", "report.html", "README.md", "config.json", "model.safetensors", "vocab.txt",
        "last/state.safetensors",
    ]

    @Test func aNewFolderIsMadeWithItsParents() throws {
        try withTemporaryFolder { folder in
            let deep = folder.appending(path: "a/b/run")
            try RunFolder(deep).prepare(.new)
            #expect(try contents(deep) == ["last"])
            #expect(!RunFolder(deep).canResume)
        }
    }

    @Test func anEmptyFolderIsAsGoodAsNone() throws {
        try withTemporaryFolder { folder in
            for policy in [RunFolder.Policy.new, .replace] {
                try? files.removeItem(at: folder.appending(path: "last"))
                try RunFolder(folder).prepare(policy)
            }
        }
    }

    @Test func aNewRunTakesNoFullFolder() throws {
        try withTemporaryFolder { folder in
            try write(["notes.txt"], in: folder)
            let error = try refusal(folder, .new)
            #expect(error.kind == .usage)
            #expect(error.remedy?.contains("--resume") == false)
            try write(Self.run, in: folder)
            #expect(try refusal(folder, .new).remedy?.contains("--resume") == true)
            #expect(try contents(folder) == Set(Self.run + ["notes.txt", "last"]))
        }
    }

    @Test func replacingKeepsWhatIsNotOfARun() throws {
        try withTemporaryFolder { folder in
            let own = ["notes.txt", "data/train.txt", "last/mine.txt", ".hidden"]
            try write(Self.run + own, in: folder)
            try RunFolder(folder).prepare(.replace)
            let left = try contents(folder)
            #expect(left.isSuperset(of: own))
            #expect(left.isDisjoint(with: ["metrics.jsonl", "report.html", "README.md", "last/state.safetensors"]))
            // The old model goes when the new one has something better to put in its place.
            #expect(left.contains("model.safetensors"))
            for name in own { #expect(try Data(contentsOf: folder.appending(path: name)) == Data(name.utf8)) }
        }
    }

    /// A published model, or a project with a README, is no earlier run.
    @Test(arguments: [["config.json", "model.safetensors", "vocab.txt"], ["README.md", "main.py"]])
    func replacingSparesOtherFolders(_ names: [String]) throws {
        try withTemporaryFolder { folder in
            try write(names, in: folder)
            let error = try refusal(folder, .replace)
            #expect(error.kind == .usage)
            #expect(error.found?.contains(names[0]) == true)
            #expect(try contents(folder) == Set(names))
        }
    }

    @Test func replacingAcceptsAFolderWithOtherThings() throws {
        try withTemporaryFolder { folder in
            try write(["notes.txt"], in: folder)
            try RunFolder(folder).prepare(.replace)
            #expect(try contents(folder) == ["notes.txt", "last"])
        }
    }

    @Test func resumingNeedsAState() throws {
        try withTemporaryFolder { folder in
            let error = try refusal(folder, .resume)
            #expect(error.kind == .usage)
            #expect(error.expected?.contains("state.safetensors") == true)
            #expect(try contents(folder).isEmpty)
            #expect(try refusal(folder.appending(path: "absent"), .resume).kind == .usage)
            try write(Self.run, in: folder)
            try RunFolder(folder).prepare(.resume)
            #expect(try contents(folder) == Set(Self.run + ["last"]))
        }
    }

    @Test(arguments: [RunFolder.Policy.new, .replace, .resume])
    func aFileIsNoFolder(_ policy: RunFolder.Policy) throws {
        try withTemporaryFolder { folder in
            try write(["run"], in: folder)
            #expect(try refusal(folder.appending(path: "run"), policy).problem.contains("not a folder"))
            #expect(throws: InputError.self) { try RunFolder(folder.appending(path: "run/deeper")).prepare(policy) }
            #expect(try contents(folder) == ["run"])
        }
    }

    @Test func aRaisedSignalStaysRaised() {
        let interrupt = InterruptSignal()
        #expect(!interrupt.isRaised)
        interrupt.raise()
        interrupt.raise()
        #expect(interrupt.isRaised)
    }
}
