import Foundation
import InkCheckpoint
import InkSupport
import InkTensor
import InkTestSupport
import InkTraining
import Testing

@Suite struct TrainerResumeTests {
    /// An uninterrupted run to compare with.
    private func reference(_ folder: URL, _ options: TrainingOptions = TinyRun.options) throws -> TinyRun {
        let run = try TinyRun(folder.appending(path: "reference"), options: options)
        #expect(try run.run().outcome == .finished)
        return run
    }

    private func expectSame(_ run: TinyRun, _ reference: TinyRun, _ comment: String = "") throws {
        #expect(run.task.values == reference.task.values, "weights \(comment)")
        #expect(try run.bestBytes() == reference.bestBytes(), "best checkpoint \(comment)")
        #expect(try run.savedTensors() == reference.savedTensors(), "state \(comment)")
    }

    @Test(arguments: [
        [1], [5], [6], [14], [15], [2, 3, 4], [3, 6, 9, 12], Array(1...15),
    ])
    func resumingIsExact(_ stops: [Int]) throws {
        try withTemporaryFolder { folder in
            let reference = try reference(folder)
            var losses: [Double] = []
            var run = try TinyRun(folder.appending(path: "run"))
            for (number, stop) in (stops.map(Optional.some) + [nil]).enumerated() {
                run = try TinyRun(folder.appending(path: "run"))
                run.stopAfter = stop
                let result = try run.run(resume: number > 0)
                #expect(result.outcome == (stop == nil || stop == 15 ? .finished : .interrupted))
                losses += result.steps.map(\.loss)
            }
            try expectSame(run, reference)
            #expect(losses.count == 15)
        }
    }

    @Test(arguments: ["BertAdam", "SGD", "parts"])
    func resumingIsExactForEveryRule(_ kind: String) throws {
        try withTemporaryFolder { folder in
            var options = TinyRun.options
            switch kind {
            case "BertAdam": (options.rule, options.clipping) = (.bertAdam(), .perTensor(1))
            case "SGD": (options.rule, options.order) = (.sgd(momentum: 0.9), .asGiven)
            default: options.tokensPerPass = 4
            }
            let reference = try reference(folder, options)
            var run = try TinyRun(folder.appending(path: "run"), options: options)
            run.stopAfter = 7
            _ = try run.run()
            run = try TinyRun(folder.appending(path: "run"), options: options)
            _ = try run.run(resume: true)
            try expectSame(run, reference)
        }
    }

    /// A kill loses the steps since the last save, but not the best checkpoint written in between.
    @Test(arguments: [(2, 8), (4, 13), (3, 15), (9, 10)])
    func anOlderStateWithANewerBestCheckpoint(_ saved: Int, _ killed: Int) throws {
        try withTemporaryFolder { folder in
            let reference = try reference(folder)
            let place = folder.appending(path: "run")
            var run = try TinyRun(place)
            run.stopAfter = saved
            _ = try run.run()
            let state = try Data(contentsOf: run.folder.lastState)
            run = try TinyRun(place)
            run.stopAfter = killed
            _ = try run.run(resume: true)
            try state.write(to: run.folder.lastState)

            run = try TinyRun(place)
            let result = try run.run(resume: true)
            #expect(result.steps.first?.step == saved + 1)
            try expectSame(run, reference)
        }
    }

    @Test func theStateIsSavedOnTheWay() throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun(folder)
            run.saveInterval = 0
            run.task.poisonedCall = 10
            #expect(try run.run().error is InputError)
            // The failing step was not saved: the run goes on from before it.
            let next = try TinyRun(folder)
            #expect(try next.run(resume: true).steps.map(\.step) == Array(11...15))
        }
    }

    @Test func theSecondsAddUp() throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun(folder)
            run.stopAfter = 5
            let first = try run.run().state.seconds
            #expect(first > 0)
            let second = try TinyRun(folder).run(resume: true).state.seconds
            #expect(second > first)
        }
    }

    @Test func otherSettingsAreNamed() throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun(folder)
            run.stopAfter = 5
            run.fingerprint = ["seed": "1", "epochs": "3"]
            _ = try run.run()
            for other in [
                ["seed": "1", "epochs": "4"], ["seed": "1"], ["seed": "1", "epochs": "3", "batchSize": "9"],
            ] {
                run.fingerprint = other
                let error = try #require(throws: InputError.self) { try run.run(resume: true) }
                #expect(error.kind == .usage)
                #expect(error.problem.contains(other.count == 3 ? "batchSize" : "epochs"))
            }
        }
    }

    @Test func aTruncatedStateIsRefused() throws {
        try withTemporaryFolder { folder in
            let run = try TinyRun.stopped(in: folder)
            let whole = try Data(contentsOf: run.folder.lastState)
            for length in [0, 1, 7, 8, 100, whole.count / 2, whole.count - 1] {
                try whole.prefix(length).write(to: run.folder.lastState)
                let error = #expect(throws: InputError.self, "\(length) bytes") {
                    try TinyRun(folder).run(resume: true)
                }
                #expect(error?.location.contains("state.safetensors") == true)
            }
        }
    }

    /// One bit of a weight, of a moment, of a name, of the state's text, of the checksum or of its name.
    @Test func aBitThatFlippedIsNoticed() throws {
        try withTemporaryFolder { folder in
            let run = try TinyRun.stopped(in: folder)
            let whole = try Data(contentsOf: run.folder.lastState)
            let header = 8 + whole.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
            let texts = [#"\"step\":5"#, "model.hidden.bias", "sha256", #"hasChecksum\":true"#]
            var places = [header, header + 5, header + (whole.count - header) / 2, whole.count - 1]
            for text in texts {
                let range = try #require(whole.range(of: Data(text.utf8)), "\(text)")
                places.append(range.upperBound - 1)
            }
            let digest = try #require(whole.range(of: Data(#""sha256":""#.utf8)))
            places.append(digest.upperBound + 3)
            for place in places {
                for bit in [0, 2] as [UInt8] {
                    var damaged = whole
                    damaged[place] ^= 1 << bit
                    try damaged.write(to: run.folder.lastState)
                    let error = #expect(throws: InputError.self, "byte \(place), bit \(bit)") {
                        try TinyRun(folder).run(resume: true)
                    }
                    #expect(error?.kind == .data && error?.location.contains("state.safetensors") == true)
                }
            }
            try whole.write(to: run.folder.lastState)
            #expect(try TinyRun(folder).run(resume: true).outcome == .finished)
        }
    }

    /// What an earlier version saved.
    @Test func aStateWithoutAChecksumIsTaken() throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun.stopped(in: folder)
            let state = try Checkpoint(contentsOf: run.folder.lastState)
            let items = try state.entries.map { SafetensorsWriter.Item($0.key, try state.tensor($0.key).copy()) }
            let json = try #require(state.metadata["state"])
            let earlier = json.replacingOccurrences(of: #""hasChecksum":true,"#, with: "")
                .replacingOccurrences(of: #","hasChecksum":true"#, with: "")
            #expect(earlier != json)
            try SafetensorsWriter.write(items, to: run.folder.lastState, metadata: ["state": earlier])
            run = try TinyRun(folder)
            #expect(try run.run(resume: true).outcome == .finished)
            try expectSame(run, reference(folder))
        }
    }

    @Test(arguments: [
        "{}", "not JSON", #"{"step":-1,"optimizerSteps":0,"seconds":0,"fingerprint":{"seed":"1"}}"#,
        #"{"step":5,"optimizerSteps":-3,"seconds":0,"fingerprint":{"seed":"1"}}"#,
        #"{"step":5,"optimizerSteps":6,"seconds":0,"fingerprint":{"seed":"1"}}"#,
        #"{"step":16,"optimizerSteps":16,"seconds":0,"fingerprint":{"seed":"1"}}"#,
        #"{"step":5,"optimizerSteps":5,"seconds":0,"bestStep":3,"fingerprint":{"seed":"1"}}"#,
        #"{"step":5,"optimizerSteps":5,"seconds":0,"bestStep":-9223372036854775808,"bestValue":1,"fingerprint":{"seed":"1"}}"#,
    ])
    func numbersThatNoRunHasAreRefused(_ json: String) throws {
        try withTemporaryFolder { folder in
            let run = try TinyRun.stopped(in: folder)
            let state = try Checkpoint(contentsOf: run.folder.lastState)
            let items = try state.entries.map { SafetensorsWriter.Item($0.key, try state.tensor($0.key).copy()) }
            try SafetensorsWriter.write(items, to: run.folder.lastState, metadata: ["state": json])
            #expect(throws: InputError.self) { try TinyRun(folder).run(resume: true) }
        }
    }

    @Test func aStateOfAnotherModelIsRefused() throws {
        try withTemporaryFolder { folder in
            let run = try TinyRun.stopped(in: folder)
            let state = try Checkpoint(contentsOf: run.folder.lastState)
            for missing in ["model.hidden.weight", "optimizer.1.output.bias"] {
                let items = try state.entries.filter { $0.key != missing }.map {
                    SafetensorsWriter.Item($0.key, try state.tensor($0.key).copy())
                }
                try SafetensorsWriter.write(items, to: run.folder.lastState, metadata: state.metadata, checksum: true)
                let error = #expect(throws: InputError.self) { try TinyRun(folder).run(resume: true) }
                #expect(error?.description.contains(missing) == true)
            }
        }
    }
}
