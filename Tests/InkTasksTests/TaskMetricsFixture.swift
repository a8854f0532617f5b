import Foundation

/// Made-up values with the scores of the reference implementations, written by `Tools/make_task_fixtures.py`.
struct TaskMetricsFixture: Decodable {
    struct Tagging: Decodable {
        let scheme: String
        let gold: [[String]]
        let predicted: [[String]]
        let spans: [[[Part]]]
        let strictSpans: [[[Part]]]
        let types: [[Double]]
        let micro: [Double]
        let macro: [Double?]
        let weighted: [Double]
        let strictMicro: [Double]
        let strictMacro: [Double]
    }

    struct Extraction: Decodable {
        let answers: [String]
        let prediction: String
        let pieces: [String]
        let exactMatch: Int
        let f1: Double
    }

    struct Ranking: Decodable {
        let scores: [[Double]]
        let relevant: [[Int]]
        let meanReciprocalRank: Double
        let meanAveragePrecision: Double
        let hits: [Double]
        let positive: [Double]
        let without: Int
    }

    struct Similarity: Decodable {
        let gold: [Double]
        let predicted: [Double]
        let spearman: Double
        let pearson: Double
    }

    struct Labels: Decodable {
        let gold: [[Int]]
        let predicted: [[Int]]
        let exactMatch: Double
        let averages: [[Double]]
        let single: [Int]
        let guess: [Int]
        let withoutZero: [[Double]]
    }

    /// A type or an offset.
    enum Part: Decodable, Equatable {
        case type(String)
        case offset(Int)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let offset = try? container.decode(Int.self) {
                self = .offset(offset)
            } else {
                self = .type(try container.decode(String.self))
            }
        }
    }

    let tagging: [Tagging]
    let extraction: [Extraction]
    let ranking: Ranking
    let similarity: Similarity
    let labels: Labels

    static func read() throws -> TaskMetricsFixture {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/metrics.json")
        return try JSONDecoder().decode(TaskMetricsFixture.self, from: Data(contentsOf: file))
    }
}
