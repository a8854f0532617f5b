import Foundation
import InkCheckpoint

/// The weights of a fixture without its classification head.
enum HeadlessModel {
    static func write(from source: String, to folder: URL) throws {
        let whole = try Checkpoint(contentsOf: URL(filePath: source))
        let items = try whole.entries.map(\.key).filter { !$0.hasPrefix("classifier.") }
            .map { SafetensorsWriter.Item($0, try whole.tensor($0)) }
        try SafetensorsWriter.write(items, to: folder.appending(path: "model.safetensors"))
    }
}
