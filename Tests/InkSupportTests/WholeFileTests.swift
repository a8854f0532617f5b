import Foundation
import InkSupport
import InkTestSupport
import Testing

/// Files that are read as a whole have an end that is known: devices, pipes and folders are refused.
@Suite struct WholeFileTests {
    @Test(.timeLimit(.minutes(1))) func onlyRegularFilesAreRead() throws {
        try withTemporaryFolder { folder in
            let pipe = folder.appending(path: "pipe")
            #expect(mkfifo(pipe.path, 0o600) == 0)
            for (url, found) in [(URL(filePath: "/dev/zero"), "a device"), (pipe, "a pipe"), (folder, "a folder")] {
                let read = #expect(throws: InputError.self) { try WholeFile.read(url, limit: 1 << 40) }
                let looked = #expect(throws: InputError.self) { try WholeFile.requireRegular(url) }
                #expect(read?.found == found && read?.kind == .data && read?.remedy != nil)
                #expect(looked == read)
            }
            let missing = #expect(throws: InputError.self) {
                try WholeFile.read(folder.appending(path: "none"), limit: 9, kind: .usage)
            }
            #expect(missing?.kind == .usage && missing?.problem.contains("no such file") == true)
        }
    }

    @Test func theSizeIsBounded() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "f")
            try Data("一二三四五六".utf8).write(to: file)
            #expect(try WholeFile.read(file, limit: 18) == Array("一二三四五六".utf8))
            let error = #expect(throws: InputError.self) { try WholeFile.read(file, limit: 17) }
            #expect(error?.problem == "the file is too large to be what it was given for")
        }
        // It tells no size.
        #expect(try WholeFile.read(URL(filePath: "/proc/self/stat"), limit: 1 << 16).count > 10)
        #expect(throws: InputError.self) { try WholeFile.read(URL(filePath: "/proc/self/stat"), limit: 10) }
    }
}
