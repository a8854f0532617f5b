import Foundation
import InkCorpus
import InkSupport
import InkTasks
import InkTestSupport
import Testing

@Suite struct EncoderTrainerTests {
    /// The tiny model of the model tests, which knows these letters.
    private static let model = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "InkModelsTests/Fixtures/bert-gelu")
    private static let words = [["股市", "基金", "取利"], ["打平", "主场", "球迷"], ["三千", "下午", "小幅"]]

    /// Rows of words of a class.
    private static func text(_ label: Int, _ number: Int) -> String {
        let words = words[label]
        return words[number % 3] + words[number / 3 % 3] + words[number / 9 % 3]
    }

    private static func judged(_ count: Int) -> DocumentSample {
        var sample = DocumentSample()
        for number in 0..<count {
            for label in 0..<3 { sample.add(Array(text(label, number).utf8), label: label, id: "\(label)-\(number)") }
        }
        return sample
    }

    private static func trainer(in folder: URL) -> EncoderTrainer {
        var trainer = EncoderTrainer(model: .folder(model), output: folder.appending(path: "quality"))
        trainer.epochs = 10
        trainer.learningRate = 4e-3
        trainer.batchSize = 9
        return trainer
    }

    @Test func learnsTheClassesInRounds() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "crawl.txt")
            let lines = (12..<27).flatMap { number in (0..<3).map { Self.text($0, number) } }
            try Data(lines.joined(separator: "\n").utf8).write(to: file)
            var training = QualityTraining(Self.trainer(in: folder))
            training.rounds = 1
            training.addedPerRound = 5
            training.confidence = 0.34
            training.heldShare = 0.2
            let context = StageContext(threads: 2, workFolder: folder)
            let (model, rounds, _) = try training.train(
                Self.judged(12), unjudged: DocumentInput(files: [.init(file, format: .lines)]), context)
            #expect(model.labels == QualityClass.labels)
            #expect(rounds.count == 2)
            #expect(rounds[1].added.dropFirst() == [5, 5])
            #expect(rounds[1].added[0] <= 6)
            #expect(rounds[1].documents[2] == rounds[0].documents[2] + 5)
            #expect(try #require(rounds[1].accuracy) > 0.8)

            // The folder is the model of the last round, for score and evaluate.
            let opened = try QualityModel.open(folder.appending(path: "quality"))
            let sample = Self.judged(3)
            #expect(try QualityPredictions(opened, sample, threads: 1) == QualityPredictions(model, sample, threads: 1))
            // Nothing else stays.
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(Set(names) == ["crawl.txt", "quality"])
        }
    }

    @Test func anEarlierModelIsKept() throws {
        try withTemporaryFolder { folder in
            let output = folder.appending(path: "quality")
            try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: output.appending(path: "notes.txt"))
            let error = try #require(throws: InputError.self) {
                try Self.trainer(in: folder).train(
                    Self.judged(2), labels: QualityClass.labels, StageContext(workFolder: folder))
            }
            #expect(error.location == output.path)
            #expect(error.remedy?.contains("--force") == true)
        }
    }

    @Test func everyClassNeedsDocuments() throws {
        try withTemporaryFolder { folder in
            var sample = DocumentSample()
            sample.add(Array("股市".utf8), label: 0)
            let error = try #require(throws: InputError.self) {
                try Self.trainer(in: folder).train(
                    sample, labels: QualityClass.labels, StageContext(workFolder: folder))
            }
            #expect(error.found == "none of disfluent")
        }
    }
}
