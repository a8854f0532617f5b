import Foundation
import InkSupport
import InkTestSupport
import Testing

@Suite struct FolderLockTests {
    private func write(_ holder: FolderLock.Holder, in folder: URL) throws {
        try RecordCoding.encoder().encode(holder).write(to: folder.appending(path: FolderLock.fileName))
    }

    /// What a lock of this process says.
    private func own(_ folder: URL) throws -> FolderLock.Holder {
        let lock = try FolderLock(folder)
        defer { lock.release() }
        let bytes = try Data(contentsOf: folder.appending(path: FolderLock.fileName))
        return try RecordCoding.decoder().decode(FolderLock.Holder.self, from: bytes)
    }

    @Test(arguments: [true, false]) func oneAtATime(_ systemLocks: Bool) throws {
        try withTemporaryFolder { folder in
            let first = try FolderLock(folder, systemLocks: systemLocks)
            #expect(first.previous == nil)
            for _ in 0..<2 {
                let error = try #require(throws: InputError.self) { try FolderLock(folder, systemLocks: systemLocks) }
                #expect(error.kind == .run)
                #expect(error.problem == "another run, process \(getpid()), writes here")
            }
            if systemLocks { #expect(throws: InputError.self) { try FolderLock.requireFree(folder) } }
            first.release()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
            #expect(try FolderLock.requireFree(folder) == nil)
            #expect(try FolderLock(folder, systemLocks: systemLocks).previous == nil)
        }
    }

    /// A process that was killed leaves its file: it is dead, or another has its number now.
    @Test(arguments: [true, false], ["dead", "reused"])
    func aStaleLockIsTakenOver(_ systemLocks: Bool, _ kind: String) throws {
        try withTemporaryFolder { folder in
            var holder = try own(folder)
            let program = Process()
            program.executableURL = URL(filePath: "/bin/sh")
            program.arguments = ["-c", "exit 0"]
            try program.run()
            program.waitUntilExit()
            if kind == "dead" {
                holder.process = program.processIdentifier
            } else {
                holder.processStart = "1"
            }
            holder.since = Date(timeIntervalSince1970: 1_700_000_000)
            try write(holder, in: folder)
            let lock = try FolderLock(folder, systemLocks: systemLocks)
            #expect(lock.previous == holder)
            #expect(lock.previous?.takeOver.contains("process \(holder.process)") == true)
            lock.release()
        }
    }

    /// Without locks of the system a process on another machine may live.
    @Test func anotherMachineIsBelieved() throws {
        try withTemporaryFolder { folder in
            var holder = try own(folder)
            holder.host = "elsewhere"
            try write(holder, in: folder)
            let error = try #require(throws: InputError.self) { try FolderLock(folder, systemLocks: false) }
            #expect(error.found?.contains("elsewhere") == true)
            #expect(error.remedy?.contains("remove \(FolderLock.fileName)") == true)
        }
    }

    @Test func aFileThatSaysNothingIsTakenOver() throws {
        try withTemporaryFolder { folder in
            try Data("half a rec".utf8).write(to: folder.appending(path: FolderLock.fileName))
            #expect(try FolderLock(folder).previous == nil)
        }
    }
}
