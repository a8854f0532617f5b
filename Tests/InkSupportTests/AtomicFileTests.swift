import Foundation
import InkSupport
import InkTestSupport
import Testing

@Suite struct AtomicFileTests {
    private func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func writesAndReplaces() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "砚.txt")
            try AtomicFile.write("old", to: file)
            try AtomicFile.write(Data([1, 2, 3]), to: file)
            #expect(try Data(contentsOf: file) == Data([1, 2, 3]))
            #expect(try names(folder) == ["砚.txt"])
        }
    }

    @Test func streamsLargeContents() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "large")
            let writer = try AtomicFileWriter(file)
            var expected: [UInt8] = []
            for index in 0..<5 {
                let bytes = [UInt8](repeating: UInt8(index), count: 700_001 * index)
                expected += bytes
                if index.isMultiple(of: 2) { try writer.append(bytes) } else { try writer.append(Data(bytes)) }
            }
            #expect(!FileManager.default.fileExists(atPath: file.path))
            try writer.commit()
            #expect(try [UInt8](Data(contentsOf: file)) == expected)
            #expect(throws: InputError.self) {
                try writer.append([1])
                try writer.commit()
            }
        }
    }

    @Test func anAbandonedWriterLeavesTheOldFile() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "a")
            try AtomicFile.write("old", to: file)
            do {
                let writer = try AtomicFileWriter(file)
                try writer.append([UInt8](repeating: 7, count: 3_000_000))
                #expect(try names(folder) == [".a.partial", "a"])
            }
            #expect(try names(folder) == ["a"])
            #expect(try String(contentsOf: file, encoding: .utf8) == "old")
        }
    }

    @Test func leftoversOfAKilledProcessAreReused() throws {
        try withTemporaryFolder { folder in
            try Data(repeating: 9, count: 100).write(to: folder.appending(path: ".a.partial"))
            try AtomicFile.write("new", to: folder.appending(path: "a"))
            #expect(try names(folder) == ["a"])
            #expect(try String(contentsOf: folder.appending(path: "a"), encoding: .utf8) == "new")
        }
    }

    @Test func twoWritersAreKeptApart() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "a")
            let first = try AtomicFileWriter(file)
            let error = #expect(throws: InputError.self) { _ = try AtomicFileWriter(file) }
            #expect(error?.problem == "another process is writing this file")
            try first.append([65])
            try first.commit()
            #expect(try String(contentsOf: file, encoding: .utf8) == "A")
        }
    }

    @Test func followsASymbolicLink() throws {
        try withTemporaryFolder { folder in
            let target = folder.appending(path: "target")
            try AtomicFile.write("old", to: target)
            let link = folder.appending(path: "link")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            try AtomicFile.write("new", to: link)
            #expect(try String(contentsOf: target, encoding: .utf8) == "new")
        }
    }

    @Test func errorsNameThePathAndTheReason() throws {
        try withTemporaryFolder { folder in
            let missing = folder.appending(path: "no/such/a.txt")
            let error = #expect(throws: InputError.self) { try AtomicFile.write("x", to: missing) }
            #expect(error?.kind == .run)
            #expect(error?.location == missing.path)
            #expect(error?.problem == "cannot write the file: no such file or folder")
            let isFolder = #expect(throws: InputError.self) { try AtomicFile.write("x", to: folder) }
            #expect(isFolder?.found == "a folder of this name")
        }
    }

    @Test func systemReasonsAreInTheUsersWords() {
        #expect(SystemError.reason(ENOSPC) == "disk full")
        let error = SystemError.inputError(at: "/x", "cannot write the file", ENOSPC)
        #expect(error.description.contains("/x: cannot write the file: disk full\n  remedy:"))
        #expect(SystemError.reason(EACCES) == "permission denied")
    }
}
