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
        let error = try #require(throws: InputError.self) { try RunWorkspace(RunFolder(folder), policy) }
        #expect(throws: error) { try RunFolder(folder).check(policy) }
        return error
    }

    /// A run that begins in the folder and is killed at once: its lock goes, what it wrote stays.
    @discardableResult private func begin(_ folder: URL, _ policy: RunFolder.Policy) throws -> RunWorkspace {
        try RunFolder(folder).check(policy)
        let workspace = try RunWorkspace(RunFolder(folder), policy)
        workspace.close()
        return workspace
    }

    private static let run = [
        "inkstone.json", "metrics.jsonl", "report.html", "README.md", "config.json", "model.safetensors", "vocab.txt",
        "last/state.safetensors",
    ]

    @Test func aNewFolderIsMadeWithItsParents() throws {
        try withTemporaryFolder { folder in
            let deep = folder.appending(path: "a/b/run")
            try begin(deep, .new)
            #expect(try contents(deep) == ["last"])
            #expect(!RunFolder(deep).canResume)
        }
    }

    @Test func anEmptyFolderIsAsGoodAsNone() throws {
        try withTemporaryFolder { folder in
            for policy in [RunFolder.Policy.new, .replace] {
                try? files.removeItem(at: folder.appending(path: "last"))
                try begin(folder, policy)
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
            let workspace = try begin(folder, .replace)
            #expect(workspace.files != workspace.folder)
            try write(["inkstone.json", "metrics.jsonl", "last/state.safetensors"], in: workspace.files.url)
            // The old run goes when the new one has something better to put in its place.
            for name in Self.run + own {
                #expect(try Data(contentsOf: folder.appending(path: name)) == Data(name.utf8))
            }
            try workspace.writeCheckpoint { place in
                for name in ["model.safetensors", "spiece.model", "config.json"] {
                    try Data("new".utf8).write(to: place.appending(path: name))
                }
            }
            #expect(workspace.files == workspace.folder)
            let expected = ["inkstone.json", "metrics.jsonl", "model.safetensors", "spiece.model", "config.json"]
            #expect(try contents(folder) == Set(own + expected + ["last/state.safetensors", "last", "data"]))
            for name in own { #expect(try Data(contentsOf: folder.appending(path: name)) == Data(name.utf8)) }
            #expect(try Data(contentsOf: folder.appending(path: "model.safetensors")) == Data("new".utf8))
            // From now on a checkpoint goes to the top.
            try workspace.writeCheckpoint { #expect($0 == folder) }
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
            try begin(folder, .replace)
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
            try begin(folder, .resume)
            #expect(try contents(folder) == Set(Self.run + ["last"]))
        }
    }

    @Test(arguments: [RunFolder.Policy.new, .replace, .resume])
    func aFileIsNoFolder(_ policy: RunFolder.Policy) throws {
        try withTemporaryFolder { folder in
            try write(["run"], in: folder)
            #expect(try refusal(folder.appending(path: "run"), policy).problem.contains("not a folder"))
            #expect(throws: InputError.self) { try begin(folder.appending(path: "run/deeper"), policy) }
            #expect(try contents(folder) == ["run"])
        }
    }

    /// After a kill in the first moment, or on a full disk, both ways lead on.
    @Test(arguments: [
        [".inkstone.lock"], [".inkstone.lock", "last/.state.safetensors.partial"],
        ["inkstone.json", "last/.state.safetensors.partial"],
        ["inkstone.json", "metrics.jsonl", ".metrics.jsonl.partial"],
    ])
    func aRunThatSavedNothingIsBegunAgain(_ names: [String]) throws {
        for policy in [RunFolder.Policy.new, .replace, .resume] {
            try withTemporaryFolder { folder in
                try write(names, in: folder)
                #expect(RunFolder(folder).isUnstarted && !RunFolder(folder).canResume)
                let workspace = try begin(folder, policy)
                #expect(!workspace.hasState)
                #expect(!RunFolder(folder).metrics.exists || policy != .new)
            }
        }
    }

    /// A finished run whose state was removed is no run that saved nothing.
    @Test func aModelIsNeverBegunAgain() throws {
        try withTemporaryFolder { folder in
            try write(["inkstone.json", "model.safetensors", "config.json"], in: folder)
            #expect(!RunFolder(folder).isUnstarted)
            #expect(try refusal(folder, .new).remedy?.contains("--resume") == false)
            let error = try refusal(folder, .resume)
            #expect(error.remedy?.contains("--force") == true)
        }
    }

    /// A run that was to replace another and was killed before its first checkpoint goes on, and so does one that had
    /// saved nothing.
    @Test func aReplacingRunGoesOn() throws {
        try withTemporaryFolder { folder in
            try write(Self.run, in: folder)
            let first = try begin(folder, .replace)
            try write(["inkstone.json"], in: first.files.url)
            #expect(RunFolder(folder).isUnstarted)
            #expect(try refusal(folder, .new).remedy?.contains("--resume") == true)
            let second = try begin(folder, .resume)
            #expect(second.files == first.files && !second.hasState)
            try write(["last/state.safetensors"], in: first.files.url)
            #expect(RunFolder(folder).canResume && !RunFolder(folder).isUnstarted)
            #expect(try begin(folder, .resume).hasState)
            #expect(try begin(folder, .replace).files == first.files)
            #expect(!first.files.description.exists, "another run was begun")
            #expect(try contents(folder).isSuperset(of: Self.run))
        }
    }

    @Test func twoRunsAreKeptApart() throws {
        try withTemporaryFolder { folder in
            let running = try RunWorkspace(RunFolder(folder), .new)
            for policy in [RunFolder.Policy.new, .replace] {
                let error = try refusal(folder, policy)
                #expect(
                    error.problem == "another run, process \(ProcessInfo.processInfo.processIdentifier), writes here")
            }
            try write(["last/state.safetensors"], in: folder)
            #expect(try refusal(folder, .resume).problem.contains("another run"))
            running.close()
            try begin(folder, .resume)
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
