import InkTensor
import InkTestSupport
import Testing

@Suite("Random numbers")
struct RandomNumbersTests {
    @Test("The reference used here gives the published Philox vectors")
    func knownAnswers() {
        let ones = [UInt32](repeating: .max, count: 4)
        #expect(
            ReferencePhilox.block(counter: [0, 0, 0, 0], key: [0, 0])
                == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        #expect(
            ReferencePhilox.block(counter: ones, key: [.max, .max])
                == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        #expect(
            ReferencePhilox.block(
                counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0])
                == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
    }

    @Test("Words of the all-zero counter and key")
    func zero() {
        var random = RandomNumbers(seed: 0)
        let words = (0..<64).map { _ in random.nextWord() }
        #expect([words[0], words[16], words[32], words[48]] == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    }

    @Test("Words of any seed and stream", arguments: [(0, 0), (1, 2), (0xfedc_ba98_7654_3210, 0x0f1e_2d3c_4b5a_6978)])
    func words(seed: UInt64, stream: UInt64) {
        var random = RandomNumbers(seed: seed, stream: stream)
        for index in 0..<200 {
            let expected = ReferencePhilox.word(seed: seed, stream: stream, row: index / 64, column: index % 64)
            #expect(random.nextWord() == expected, "word \(index)")
        }
    }

    @Test("A 64-bit number is two words")
    func derived() {
        var words = RandomNumbers(seed: 5, stream: 6)
        var numbers = words
        for _ in 0..<50 {
            #expect(numbers.next() == UInt64(words.nextWord()) << 32 | UInt64(words.nextWord()))
        }
    }

    @Test("Streams of different names differ, of the same name agree")
    func named() {
        func first(_ seed: UInt64, _ name: String) -> UInt64 {
            var random = RandomNumbers(seed: seed, named: name)
            return random.next()
        }
        #expect(first(1, "encoder.weight") == first(1, "encoder.weight"))
        #expect(Set([first(1, "a"), first(1, "b"), first(2, "a"), first(2, "b")]).count == 4)
        // FNV-1a of "foobar", from the function's publication.
        #expect(RandomNumbers(seed: 0, named: "foobar").stream == 0x8594_4171_f739_67e8)
    }

    @Test("Permutations", arguments: [0, 1, 2, 10, 1000])
    func permutation(count: Int) {
        var random = RandomNumbers(seed: 3, stream: UInt64(count))
        let first = random.permutation(count)
        #expect(first.sorted() == Array(0..<count))
        #expect(count < 10 || random.permutation(count) != first)
    }

    @Test("A permutation is Fisher and Yates over the stream's words, so that data orders never change")
    func permutationOrder() {
        var random = RandomNumbers(seed: 42, stream: 1)
        var expected = Array(0..<10)
        for last in (1..<10).reversed() {
            let word = ReferencePhilox.word(seed: 42, stream: 1, row: 0, column: 9 - last)
            expected.swapAt(last, Int(UInt64(word) * UInt64(last + 1) / 4_294_967_296))
        }
        #expect(random.permutation(10) == expected)
    }

    @Test("Every place of a permutation is as likely")
    func permutationFairness() {
        var random = RandomNumbers(seed: 9)
        var counts = [Int](repeating: 0, count: 16)
        for _ in 0..<4000 {
            for (place, value) in random.permutation(4).enumerated() { counts[place * 4 + value] += 1 }
        }
        // 1000 expected, deviation 27.
        #expect(counts.allSatisfy { abs($0 - 1000) < 120 })
    }

    @Test("Normal values have the mean, the deviation and the tails they should")
    func normal() {
        var random = RandomNumbers(seed: 11, stream: 3)
        let values = random.normal(count: 40_001, deviation: 0.02).map { Double($0) / 0.02 }
        #expect(values.count == 40_001)
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(values.count)
        #expect(abs(mean) < 0.02)
        #expect(abs(variance - 1) < 0.03)
        #expect(abs(fourth - 3) < 0.2)
        #expect(values.allSatisfy { $0.isFinite })
    }

    @Test("Normal values depend on neither the threads nor how many are drawn at once")
    func normalValuesByBlock() {
        let before = Parallelism.threadCount
        defer { Parallelism.threadCount = before }
        func values(threads: Int, count: Int) -> [Float] {
            Parallelism.threadCount = threads
            var random = RandomNumbers(seed: 11, stream: 3)
            return random.normal(count: count, deviation: 1)
        }
        let all = values(threads: 1, count: 70_001)
        #expect(values(threads: 2, count: 70_001) == all)
        #expect(values(threads: 2, count: 101) == Array(all.prefix(101)))

        var random = RandomNumbers(seed: 11, stream: 3)
        let parts = random.normal(count: 64, deviation: 1) + random.normal(count: 100, deviation: 1)
        #expect(parts == Array(all.prefix(164)))
        #expect(random.normal(count: 0, deviation: 1).isEmpty)
    }
}
