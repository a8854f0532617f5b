import Foundation
import InkCheckpoint
import InkSupport
import InkTensor
import InkTestSupport
import Testing

@Suite struct SafetensorsTests {
    @Test func writtenTensorsAreReadBack() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "model.safetensors")
            let values = (0..<6).map { Float($0) * 0.5 - 1 }
            try SafetensorsWriter.write(
                [
                    .init("b", Tensor(values, shape: [2, 3])), .init("a", Tensor([3.25], shape: [])),
                    .init("half", Tensor(values, shape: [6]), as: .f16),
                    .init("brain", Tensor(values, shape: [3, 2]), as: .bf16), .init("none", Tensor([], shape: [0, 4])),
                ], to: file)
            let checkpoint = try Checkpoint(contentsOf: folder)
            #expect(checkpoint.entries.map(\.key) == ["a", "b", "none", "brain", "half"])
            #expect(try checkpoint.tensor("a").values == [3.25])
            #expect(checkpoint.shape(of: "b") == [2, 3])
            for key in ["b", "half", "brain"] { #expect(try checkpoint.tensor(key).values == values) }
            #expect(try checkpoint.tensor("none", expecting: [0, 4]).values.isEmpty)
            #expect(checkpoint.parameterCount == 19)
        }
    }

    /// The bytes as the format's description has them, written out by hand.
    @Test func layoutIsThatOfTheFormat() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "model.safetensors")
            try SafetensorsWriter.write([.init("x", Tensor([1, -2], shape: [2]))], to: file)
            let header =
                #"{"__metadata__":{"format":"pt"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
            let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
            var expected = Data([UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0])
            expected += padded.utf8
            expected += [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
            #expect(try Data(contentsOf: file) == expected)
        }
    }

    @Test func failedWriteLeavesTheOldFile() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "model.safetensors")
            try SafetensorsWriter.write([.init("x", Tensor([1], shape: [1]))], to: file)
            // A folder takes the place where the new file would be written first.
            try FileManager.default.createDirectory(
                at: folder.appending(path: ".model.safetensors.partial"), withIntermediateDirectories: false)
            let error = try #require(throws: InputError.self) {
                try SafetensorsWriter.write([.init("x", Tensor([2], shape: [1]))], to: file)
            }
            #expect(error.kind == .run)
            #expect(try Checkpoint(contentsOf: file).tensor("x").values == [1])
        }
    }

    @Test func tensorsOutliveTheCheckpoint() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "model.safetensors")
            try SafetensorsWriter.write([.init("x", Tensor([1, 2, 3], shape: [3]))], to: file)
            let tensor = try Checkpoint(contentsOf: file).tensor("x")
            try SafetensorsWriter.write([.init("x", Tensor([4, 5, 6], shape: [3]))], to: file)
            #expect(tensor.values == [1, 2, 3])
            #expect(try Checkpoint(contentsOf: file).tensor("x").values == [4, 5, 6])
        }
    }
}
