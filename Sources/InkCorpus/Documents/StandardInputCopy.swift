import Foundation
import InkSupport

extension DocumentInput {
    /// The same documents with standard input in a file, for a stage that reads them several times. The file has the name
    /// that standard input has in the ids of documents, so that these are the same.
    ///
    /// Memory does not grow with the input; the disk has to hold it.
    /// - Parameters:
    ///   - handle: where standard input is read from.
    ///   - folder: where the file goes; whoever removes it removes the file.
    /// - Throws: `InputError` (`.run`) when the disk is full or the run was interrupted.
    package func copyingStandardInput(
        _ handle: FileHandle = .standardInput, to folder: URL, isInterrupted: () -> Bool = { false }
    ) throws -> DocumentInput {
        guard let place = files.firstIndex(where: { $0.url == nil }) else { return self }
        var copy = self
        let url = folder.appending(path: files[place].name)
        let output = try AtomicFileWriter(url)
        let reader = ByteReader(handle: handle, name: "standard input")
        while let piece = try reader.next() {
            if isInterrupted() { throw InputError(.run, at: "standard input", "interrupted", remedy: "start it again") }
            try output.append(piece)
        }
        try output.commit()
        copy.files[place].url = url
        return copy
    }
}
