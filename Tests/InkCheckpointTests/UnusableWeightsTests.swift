import Foundation
import InkCheckpoint
import InkSupport
import InkTensor
import InkTestSupport
import Testing

/// Weights that cannot be used: not numbers, changed while they are in use, something else in their place.
@Suite struct UnusableWeightsTests {
    private func refusal(_ body: () throws -> Void) throws -> InputError {
        try #require(throws: InputError.self) { try body() }
    }

    @Test(arguments: [DType.f32, .f16, .bf16], [Float.nan, .infinity, -.infinity])
    func whatIsNoNumberIsRefusedWithItsPlace(type: DType, value: Float) throws {
        // Far enough for the second piece that is looked at.
        var values = [Float](repeating: 0.5, count: 700 * 300)
        values[600 * 300 + 7] = value
        values[601 * 300 + 7] = value
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "model.safetensors")
            try SafetensorsWriter.write(
                [
                    .init("sound", Tensor([1, 2], shape: [2])),
                    .init("odd", Tensor(values, shape: [700, 300]), as: type),
                ], to: file)
            let checkpoint = try Checkpoint(contentsOf: file)
            #expect(try checkpoint.tensor("sound").values == [1, 2])
            let error = try refusal { _ = try checkpoint.tensor("odd") }
            #expect(error.location.hasSuffix("model.safetensors: odd") && error.kind == .data)
            #expect(error.problem == "holds values that are not numbers")
            #expect(error.found == "\(value) at [600, 7]")
        }
    }

    /// A NaN written over one element of a file of PyTorch's, of which the reader makes tensors of either layout.
    @Test(arguments: ["zip-f32", "legacy-f32"])
    func filesOfPyTorchToo(form: String) throws {
        let source = Fixture.url("\(form)/pytorch_model.bin")
        let key = "bert.encoder.layer.0.output.dense.weight"
        let values = try Checkpoint(contentsOf: source).tensor(key).values
        var bytes = try Data(contentsOf: source)
        let pattern = values[3..<9].withUnsafeBytes { Data($0) }
        let place = try #require(bytes.firstRange(of: pattern)?.lowerBound)
        bytes.replaceSubrange(place..<place + 4, with: withUnsafeBytes(of: Float.nan) { Data($0) })
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "pytorch_model.bin")
            try bytes.write(to: file)
            let checkpoint = try Checkpoint(contentsOf: file)
            let error = try refusal { _ = try checkpoint.tensor(key) }
            #expect(error.location.hasSuffix(key) && error.found == "nan at [0, 3]")
        }
    }

    @Test func aFileThatIsCutWhileInUseIsAnError() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "model.safetensors")
            try SafetensorsWriter.write(
                [.init("large", Tensor(repeating: 1, shape: [500, 500])), .init("small", Tensor([1], shape: [1]))],
                to: file)
            let checkpoint = try Checkpoint(contentsOf: file)
            #expect(try checkpoint.tensor("large").count == 250_000)
            let handle = try FileHandle(forWritingTo: file)
            try handle.truncate(atOffset: 5000)
            for key in ["large", "small"] {
                let error = try refusal { _ = try checkpoint.tensor(key) }
                #expect(error.problem.contains("changed while it was in use"))
            }
        }
    }

    @Test func aFileThatIsRewrittenInPlaceIsAnErrorAndOneThatIsReplacedIsNot() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "model.safetensors")
            try SafetensorsWriter.write([.init("x", Tensor([1, 2], shape: [2]))], to: file)
            let old = try Checkpoint(contentsOf: file)
            try SafetensorsWriter.write([.init("x", Tensor([3, 4], shape: [2]))], to: file)
            #expect(try old.tensor("x").values == [1, 2])

            let new = try Checkpoint(contentsOf: file)
            let handle = try FileHandle(forUpdating: file)
            try handle.seekToEnd()
            try handle.write(contentsOf: Data([0, 0, 0, 0]))
            #expect(try refusal { _ = try new.tensor("x") }.problem.contains("changed"))
        }
    }

    @Test(arguments: [
        ("\n<!DOCTYPE html><html><body>404</body></html>", "a web page"), ("<HTML>Sign in</HTML>", "a web page"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 409\n", "a Git LFS pointer"),
        ("", "the file is empty"),
    ])
    func whatStandsInPlaceOfAFileIsNamed(text: String, problem: String) throws {
        try withTemporaryFolder { folder in
            for name in ["model.safetensors", "pytorch_model.bin", "config.json"] {
                let file = folder.appending(path: name)
                try Data(text.utf8).write(to: file)
                let error = try refusal {
                    if name == "config.json" {
                        _ = try ModelConfigFile(contentsOf: folder)
                    } else {
                        _ = try Checkpoint(contentsOf: file)
                    }
                }
                #expect(error.location.hasSuffix(name) && error.problem.hasPrefix(problem), "\(error)")
                #expect(error.remedy != nil)
            }
        }
    }

    @Test(arguments: [
        ("bert_model.ckpt.index", "TensorFlow 1"), ("tf_model.h5", "TensorFlow 2"),
        ("model_state.pdparams", "PaddlePaddle"), ("model-q4.gguf", "llama.cpp"), ("flax_model.msgpack", "Flax"),
    ])
    func weightsOfOtherProgramsAreNamed(name: String, maker: String) throws {
        try withTemporaryFolder { folder in
            try Data("weights".utf8).write(to: folder.appending(path: name))
            let error = try refusal { _ = try Checkpoint(contentsOf: folder) }
            #expect(error.problem == "the folder holds no weights")
            #expect(error.remedy?.contains(name) == true && error.remedy?.contains(maker) == true, "\(error)")
        }
    }

    @Test func aMissingFolderNamesTheWayToGetItAndItsLike() throws {
        try withTemporaryFolder { folder in
            let near = folder.appending(path: "models/bert-base-chinese")
            try FileManager.default.createDirectory(at: near, withIntermediateDirectories: true)
            try Data("{}".utf8).write(to: near.appending(path: "config.json"))
            let missing = folder.appending(path: "bert-base-chinesee")
            for body in [{ _ = try Checkpoint(contentsOf: missing) }, { _ = try ModelConfigFile(contentsOf: missing) }]
            {
                let error = try refusal(body)
                #expect(error.problem == "no such folder")
                #expect(error.found?.hasSuffix("models/bert-base-chinese") == true, "\(error)")
                #expect(error.remedy?.contains("hf download") == true)
            }
        }
    }
}
