import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct FilterStageTests {
    private static func verdict(_ text: String, _ stage: FilterStage = FilterStage()) throws -> Verdict {
        var document = Document(text: text, id: "1")
        var tally = StageTally()
        return try stage.makeWorker().process(&document, &tally)
    }

    @Test(arguments: [
        ("", "min-characters", "0 characters"), ("hello to you all 中", "min-chinese", "20.0 %"),
        ("中国，，。！", "max-punctuation", "66.7 %"), ("中文＋＋", "max-symbols", "50.0 %"), ("中12国", "", ""),
        ("中1文23", "max-digits", "50.0 %"), ("电话是010-12345678。", "", ""),
        ("各列为 12 13 14 15 16 17", "max-digits", "66.7 %"),
    ])
    func eachLimitHasItsRule(_ text: String, _ rule: String, _ detail: String) throws {
        let expected: Verdict = rule.isEmpty ? .keep : .remove(rule: rule, detail: detail)
        #expect(try Self.verdict(text) == expected)
    }

    @Test func ordinaryTextStays() throws {
        #expect(try Self.verdict("这是一句普通的话，共有 20 个字左右，用 Swift 写成。") == .keep)
        #expect(try Self.verdict("Morphology 借鉴了 Smalltalk Environment，见 Documentation。") == .keep)
        #expect(try Self.verdict("ひらがなとカタカナの中") == .remove(rule: "min-chinese", detail: "9.1 %"))
    }

    @Test func lengthsAreLimits() throws {
        var limits = FilterStage.Limits()
        limits.characters = 2...3
        let stage = FilterStage(limits)
        #expect(try Self.verdict("中 国", stage) == .keep)
        #expect(try Self.verdict("中", stage) == .remove(rule: "min-characters", detail: "1 characters"))
        #expect(try Self.verdict("中国人民", stage) == .remove(rule: "max-characters", detail: "4 characters"))
    }

    @Test func wordsOfAList() throws {
        var limits = FilterStage.Limits()
        limits.sensitiveLimit = 1
        let stage = FilterStage(limits, sensitiveWords: ["坏词", "词典"])
        #expect(try Self.verdict("这里有一个坏词", stage) == .keep)
        #expect(try Self.verdict("这里有坏词典", stage) == .remove(rule: "sensitive-words", detail: "2 hits: 坏词、词典"))
    }

    @Test func settingsReadTheList() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "words-\(UUID()).txt")
        try Data("# 说明\n\n 坏词 \r\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var values = JSONObject()
        values["sensitive-words"] = .string(file.path)
        guard case .document(let stage) = try FilterStage.kind.make(StageSettings(values, location: "filter")) else {
            return
        }
        var document = Document(text: "一个坏词在此", id: "1")
        var tally = StageTally()
        let verdict = try stage.makeWorker().process(&document, &tally)
        #expect(verdict == .remove(rule: "sensitive-words", detail: "1 hits: 坏词"))
    }

    @Test(arguments: [
        (#"{"min-chinese": 1.5}"#, "filter: min-chinese"), (#"{"max-characters": 0}"#, "filter: max-characters"),
        (#"{"sensitive-limit": -1}"#, "filter: sensitive-limit"),
        (#"{"sensitive-words": "/nowhere/list"}"#, "/nowhere/list"),
    ])
    func impossibleSettingsAreNamed(_ settings: String, _ location: String) throws {
        let error = #expect(throws: InputError.self) {
            try FilterStage.kind.make(StageSettings(json: settings, location: "filter"))
        }
        #expect(error?.location == location)
    }

    @Test func ahoCorasickFindsWhatSearchFinds() {
        var state: UInt64 = 3
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for round in 0..<300 {
            let letters = round % 3 == 0 ? 30 : 3
            func word(_ length: Int) -> [UInt8] { (0..<length).map { _ in UInt8(97 + random(letters)) } }
            var patterns: [[UInt8]] = []
            for _ in 0..<1 + random(40) {
                let new = word(random(6))
                if !patterns.contains(new) { patterns.append(new) }
            }
            let text = word(200)
            var found: Set<[Int]> = []
            var ends: [Int] = []
            AhoCorasick(patterns).forEachMatch(in: text, 5..<190) { pattern, end in
                found.insert([pattern, end])
                ends.append(end)
                return true
            }
            var expected: Set<[Int]> = []
            for (index, pattern) in patterns.enumerated() where !pattern.isEmpty {
                for start in 5..<190 where start + pattern.count <= 190 && text[start...].starts(with: pattern) {
                    expected.insert([index, start + pattern.count])
                }
            }
            #expect(found == expected)
            #expect(ends.count == found.count)
            #expect(ends == ends.sorted())
        }
    }

    @Test func ahoCorasickStopsWhenTold() {
        var count = 0
        AhoCorasick([Array("ab".utf8)]).forEachMatch(in: Array("ababab".utf8), 0..<6) { _, _ in
            count += 1
            return count < 2
        }
        #expect(count == 2)
    }
}
