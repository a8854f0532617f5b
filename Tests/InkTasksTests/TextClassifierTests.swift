import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTensor
import InkTestSupport
import Testing

@Suite struct TextClassifierTests {
    /// A folder with a classifier; `head` gives the values of its bias, the weights are zero where it is given.
    private func withClassifier<Result>(
        head: [Float]? = nil, _ fields: [String: JSONValue?] = [:], _ body: (URL) throws -> Result
    ) throws -> Result {
        try withTemporaryFolder { folder in
            try TinyModel.write(to: folder, fields)
            let weights = folder.appending(path: "model.safetensors")
            let encoder = try Checkpoint(contentsOf: weights)
            var items = try encoder.entries.map { SafetensorsWriter.Item($0.key, try encoder.tensor($0.key).copy()) }
            let classes = head?.count ?? 4
            let matrix =
                head == nil
                ? Tensor.random([classes, 24], seed: 3, deviation: 0.5) : Tensor(repeating: 0, shape: [classes, 24])
            items.append(.init("classifier.weight", matrix))
            items.append(
                .init("classifier.bias", Tensor(head ?? [Float](repeating: 0, count: classes), shape: [classes])))
            try SafetensorsWriter.write(items, to: weights)
            return try body(folder)
        }
    }

    private static let titles = TinyModel.titles(.dev, 40).map(\.text)

    @Test func isSafeToCallFromManyTasks() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "inkstone-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let classifier = try withClassifier { source in
            try FileManager.default.copyItem(at: source, to: folder)
            return try TextClassifier(contentsOf: folder)
        }
        let expected = try Self.titles.map { try classifier.classify($0, topK: 4) }
        try await withThrowingTaskGroup(of: [Classification].self) { group in
            for worker in 0..<8 {
                group.addTask {
                    // Each worker begins elsewhere, alone or in batches of the same title.
                    try Self.titles.indices.map { index in
                        try classifier.classify(Self.titles[(index + worker * 5) % Self.titles.count], topK: 4)
                    }
                }
            }
            var workers = 0
            for try await answers in group {
                workers += 1
                let first = try #require(expected.firstIndex(of: answers[0]))
                #expect(answers == Array(expected[first...] + expected[..<first]))
            }
            #expect(workers == 8)
        }
    }

    @Test func manyTextsAtOnceGiveWhatEachGivesAlone() throws {
        try withClassifier { folder in
            let classifier = try TextClassifier(contentsOf: folder)
            let together = try classifier.classify(Self.titles, topK: 4)
            #expect(together.count == 40)
            for (title, answer) in zip(Self.titles, together) {
                let alone = try classifier.classify(title, topK: 4)
                #expect(alone.candidates.map(\.label) == answer.candidates.map(\.label))
                expectClose(
                    alone.candidates.map(\.probability), answer.candidates.map(\.probability), tolerance: 1e-5)
                expectClose([answer.candidates.reduce(0) { $0 + $1.probability }], [1], tolerance: 1e-5)
            }
            #expect(Set(together.map(\.probability)).count > 30, "the titles are told apart")
            #expect(try classifier.classify([], topK: 2).isEmpty)
        }
    }

    /// softmax(0, 2, 2, 1) by hand; the weights are zero, so every text has it.
    @Test func candidatesAreSortedAndTiesGoToTheLowerID() throws {
        try withClassifier(head: [0, 2, 2, 1]) { folder in
            let classifier = try TextClassifier(contentsOf: folder)
            #expect(classifier.labels == ["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3"])
            let answer = try classifier.classify("国足", topK: 3)
            #expect(answer.candidates.map(\.label) == ["LABEL_1", "LABEL_2", "LABEL_3"])
            expectClose(answer.candidates.map(\.probability), [0.3995, 0.3995, 0.1470], tolerance: 1e-4)
            #expect(answer.label == "LABEL_1")
            for (topK, count) in [(0, 1), (-3, 1), (1, 1), (4, 4), (99, 4), (Int.max, 4)] {
                #expect(try classifier.classify("国足", topK: topK).candidates.count == count)
            }
        }
    }

    @Test func evaluationAgreesWithClassification() throws {
        try withClassifier(head: [0, 2, 2, 1]) { folder in
            let classifier = try TextClassifier(contentsOf: folder)
            let texts = (0..<4).map { LabelledText(text: "国足\($0)", label: $0, line: $0 + 1) }
            let evaluation = try classifier.evaluate(texts)
            #expect(evaluation.metrics["accuracy"] == 0.25)
            // Mean of −log softmax(0, 2, 2, 1).
            let losses: [Double] = [2.9176, 0.9176, 0.9176, 1.9176]
            let mean: Double = losses.reduce(0, +) / 4
            expectClose([evaluation.metrics.loss ?? .nan], [mean], tolerance: 1e-4)
            #expect(Set(evaluation.mistakes.map(\.predicted)) == [classifier.labels[1]])
            #expect(evaluation.mistakes.allSatisfy { $0.gold != classifier.labels[1] })
        }
    }

    @Test func namesComeFromTheConfiguration() throws {
        func names(_ pairs: [(String, JSONValue)]) -> JSONValue {
            var object = JSONObject()
            for (id, name) in pairs { object[id] = name }
            return .object(object)
        }
        let four = names([("2", .string("丙")), ("0", .string("甲")), ("3", .string("丁")), ("1", .string("乙"))])
        try withClassifier(["id2label": four]) { folder in
            let classifier = try TextClassifier(contentsOf: folder)
            #expect(classifier.labels == ["甲", "乙", "丙", "丁"])
        }
        let wrong = [
            names([("0", .string("甲")), ("1", .string("乙"))]),
            names([("1", .string("甲")), ("2", .string("乙")), ("3", .string("丙")), ("4", .string("丁"))]),
            names([("0", .string("甲")), ("1", .number("2")), ("2", .string("丙")), ("3", .string("丁"))]), names([]),
        ]
        for value in wrong {
            try withClassifier(["id2label": value]) { folder in
                let error = try #require(throws: InputError.self) { try TextClassifier(contentsOf: folder) }
                #expect(error.location.contains("id2label"))
                #expect(error.kind == .data)
            }
        }
    }

    @Test func aFolderWithoutAHeadIsNoClassifier() throws {
        try withTemporaryFolder { folder in
            try TinyModel.write(to: folder)
            let error = try #require(throws: InputError.self) { try TextClassifier(contentsOf: folder) }
            #expect(error.problem.contains("classification head"))
            #expect(error.remedy?.contains("finetune") == true)
        }
    }

    @Test func lengthsAreChecked() throws {
        try withClassifier { folder in
            // The tokenizer's own limit of 40 is below the model's 48 positions.
            #expect(try TextClassifier(contentsOf: folder).inputForm == InputForm(maxLength: 40))
            #expect(try TextClassifier(contentsOf: folder, maxLength: 48).inputForm.maxLength == 48)
            for length in [2, 0, -1, 49, Int.max, Int.min] {
                let error = try #require(throws: InputError.self) {
                    try TextClassifier(contentsOf: folder, maxLength: length)
                }
                #expect(error.location == "--max-length")
            }
            let classifier = try TextClassifier(contentsOf: folder, maxLength: 5)
            let long = String(repeating: "国足", count: 5000)
            let cut = try classifier.classify(long)
            #expect(try classifier.classify("国足国" + "任何") == cut)
        }
        for positions in [1, 2] {
            try withClassifier(["max_position_embeddings": .number("\(positions)")]) { folder in
                #expect(throws: InputError.self) { try TextClassifier(contentsOf: folder) }
                #expect(throws: InputError.self) { try TextEncoder(contentsOf: folder).encode(["国足"]) }
            }
        }
    }

    @Test(arguments: ["", "   ", "\u{0}\u{1}", "🀄️", "a\u{301}"])
    func oddTextsAreClassified(_ text: String) throws {
        try withClassifier { folder in
            let answer = try TextClassifier(contentsOf: folder).classify(text, topK: 4)
            #expect(answer.candidates.allSatisfy { $0.probability.isFinite })
        }
    }

    @Test(arguments: ["{", "{}", "[1]", #"{"version": "0.1"}"#])
    func aDamagedDescriptionIsRefused(_ text: String) throws {
        try withClassifier { folder in
            try Data(text.utf8).write(to: folder.appending(path: "inkstone.json"))
            let error = try #require(throws: InputError.self) { try TextClassifier(contentsOf: folder) }
            #expect(error.location.contains("inkstone.json"))
        }
    }
}
