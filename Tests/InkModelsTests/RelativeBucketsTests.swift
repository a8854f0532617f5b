import InkTensor
import InkTestSupport
import Testing

/// The rows of DeBERTa's relative table against transformers'.
@Suite struct RelativeBucketsTests {
    struct Table: Decodable {
        /// 0 and less: none.
        let buckets: Int
        let limit: Int
        /// For query − key = 1 − length … length − 1.
        let rows: [Int32]
    }

    @Test func rowsAreThoseOfTheReleasedCode() throws {
        let tables = try Fixture.json([Table].self, "deberta-buckets/tables.json")
        #expect(tables.count > 5)
        for table in tables {
            let longest = table.rows.count / 2 + 1
            let found = RelativeTerms.logarithmicBuckets(
                positionBuckets: table.buckets, maxRelativePositions: table.limit, longest: longest)
            #expect(found == table.rows.reversed(), "\(table.buckets) of \(table.limit)")
        }
    }
}
