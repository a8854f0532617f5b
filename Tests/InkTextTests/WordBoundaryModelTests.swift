import Foundation
import InkSupport
import InkTestSupport
import InkText
import Testing

@Suite("Word boundaries")
struct WordBoundaryModelTests {
    /// 山 once alone of 5 words; 山水 twice, 山水画 twice: begins 4 of 4 times with 山.
    @Test func estimatesFromADictionary() throws {
        let model = try WordBoundaryModel(
            estimatedFrom: WordDictionary([
                .init("山", frequency: 1), .init("山水", frequency: 2), .init("山水画", frequency: 2),
                .init("A4", frequency: 9), .init("水画山水", frequency: 0),
            ]))
        expect(model.start, [.begin: 0.8, .single: 0.2])
        expect(model.transition[.begin], [.end: 0.5, .middle: 0.5])
        expect(model.transition[.middle], [.end: 1])
        expect(model.transition[.end], [.begin: 0.8, .single: 0.2])
        expect(model.emission[.begin], ["山": 1])
        expect(model.emission[.end], ["水": 0.5, "画": 0.5])
        expect(model.emission[.middle], ["水": 1])
        expect(model.emission[.single], ["山": 1])
    }

    @Test func estimatesFromSegmentedText() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "text.txt")
            try "山水 好\n好 ， 好 山水画\n".write(to: file, atomically: true, encoding: .utf8)
            let model = try WordBoundaryModel(estimatedFromSegmentedText: file)
            // Beginnings: 山水, 好, and 好 behind the comma.
            expect(model.start, [.begin: 1.0 / 3, .single: 2.0 / 3])
            expect(model.transition[.end], [.single: 1])
            expect(model.transition[.single], [.begin: 1])
            expect(model.emission[.single], ["好": 1])
            try "abc def\n".write(to: file, atomically: true, encoding: .utf8)
            #expect(throws: InputError.self) { try WordBoundaryModel(estimatedFromSegmentedText: file) }
        }
    }

    @Test func fileGivesTheSameModel() throws {
        let model = try WordBoundaryModel(estimatedFrom: SegmenterFixture.dictionary())
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "hmm.json")
            try model.write(to: file)
            #expect(try WordBoundaryModel(contentsOf: file) == model)
        }
    }

    @Test func anEstimatedModelPutsUnknownNamesTogether() throws {
        let dictionary = try WordDictionary([
            .init("小红", frequency: 30), .init("小明", frequency: 30), .init("大亮", frequency: 20),
            .init("来", frequency: 60), .init("了", frequency: 60),
        ])
        let segmenter = WordSegmenter(
            dictionary: dictionary, boundaryModel: try WordBoundaryModel(estimatedFrom: dictionary))
        #expect(segmenter.words(of: "小亮来了") == ["小亮", "来", "了"])
    }

    @Test(
        arguments: [
            ("[]", "hmm.json"), (#"{"start": {}}"#, "transition"),
            (#"{"start": {"X": -1}, "transition": {}, "emission": {}}"#, "start.X"),
            (#"{"start": {"B": 0.5}, "transition": {}, "emission": {}}"#, "start.B"),
            (#"{"start": {}, "transition": {"B": {"E": "x"}}, "emission": {}}"#, "transition.B.E"),
            (#"{"start": {}, "transition": {}, "emission": {"B": {"山水": -1}}}"#, "emission.B.山水"),
            (#"{"start": {}, "transition": {}, "emission": {"B": []}}"#, "emission.B"),
        ])
    func aBrokenFileIsNamed(text: String, field: String) throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "hmm.json")
            try text.write(to: file, atomically: true, encoding: .utf8)
            let error = #expect(throws: InputError.self) { try WordBoundaryModel(contentsOf: file) }
            #expect(error?.location.hasSuffix(field) == true, "\(String(describing: error))")
        }
    }

    private func expect<Key: Hashable>(_ logs: [Key: Double]?, _ probabilities: [Key: Double]) {
        #expect(logs.map { Set($0.keys) } == Set(probabilities.keys))
        for (key, probability) in probabilities {
            #expect(abs(exp(logs?[key] ?? 1) - probability) < 1e-12, "\(key)")
        }
    }
}
