import InkLayers
import InkTestSupport
import Testing

@Suite struct LearningRateScheduleTests {
    struct Row: Decodable, Sendable {
        let schedule: String
        let totalSteps: Int
        let warmupSteps: Int
        let factors: [Double]
    }

    @Test func matchesTransformersAndBertAdam() throws {
        let rows = try Fixture.json([Row].self, "schedules.json")
        #expect(Set(rows.map(\.schedule)) == Set(LearningRateSchedule.Shape.allCases.map(\.rawValue)))
        for row in rows {
            let schedule = LearningRateSchedule(
                try #require(LearningRateSchedule.Shape(rawValue: row.schedule)), totalSteps: row.totalSteps,
                warmup: Double(row.warmupSteps) / Double(row.totalSteps))
            let factors = row.factors.indices.map { schedule.factor(step: $0) }
            expectClose(factors, row.factors, tolerance: 1e-7, row.schedule)
        }
    }

    @Test(arguments: LearningRateSchedule.Shape.allCases)
    func staysBetweenZeroAndOneForAnyWarmUpAndBeyondTheEnd(shape: LearningRateSchedule.Shape) {
        for warmup in [0, 0.05, 0.5, 1] {
            for total in [0, 1, 7] {
                let schedule = LearningRateSchedule(shape, totalSteps: total, warmup: warmup)
                let factors = (0..<20).map { schedule.factor(step: $0) }
                #expect(factors.allSatisfy { $0 >= 0 && $0 <= 1 }, "warm-up \(warmup) of \(total): \(factors)")
            }
        }
    }

    @Test func withoutWarmUpTheFirstStepHasThePeakRate() {
        for shape in LearningRateSchedule.Shape.allCases {
            #expect(LearningRateSchedule(shape, totalSteps: 10, warmup: 0).factor(step: 0) == 1, "\(shape)")
        }
    }
}
