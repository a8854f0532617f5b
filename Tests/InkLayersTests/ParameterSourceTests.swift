import InkCheckpoint
import InkLayers
import InkSupport
import InkTensor
import InkTestSupport
import Testing

@Suite struct ParameterSourceTests {
    private func source(seed: UInt64 = 1, use: ParameterSource.Use = .training) -> ParameterSource {
        ParameterSource(nil, use: use, basePrefix: "bert", initializerRange: 0.02, seed: seed)
    }

    @Test func newParametersFollowTheInitializerRange() throws {
        let source = source()
        let scope = ParameterScope(source).scope("bert")
        _ = try scope.linear("dense", 100, 90)
        _ = try scope.embedding("table", 50, 40)
        _ = try scope.layerNorm("LayerNorm", 30, epsilon: 1e-5)
        #expect(
            source.parameters.flatMap { $0.pieces.map(\.key) } == [
                "bert.dense.weight", "bert.dense.bias", "bert.table.weight", "bert.LayerNorm.weight",
                "bert.LayerNorm.bias",
            ])
        #expect(source.parameters.map(\.decays) == [true, false, true, false, false])
        #expect(source.parameters.map(\.tensor.shape) == [[90, 100], [90], [50, 40], [30], [30]])

        let dense = source.parameters[0].tensor.values.map(Double.init)
        let mean = dense.reduce(0, +) / 9000
        let deviation = (dense.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 9000).squareRoot()
        #expect(abs(mean) < 0.001 && abs(deviation - 0.02) < 0.0008)
        #expect(source.parameters[1].tensor.values.allSatisfy { $0 == 0 })
        #expect(source.parameters[3].tensor.values.allSatisfy { $0 == 1 })
        #expect(source.parameters[4].tensor.values.allSatisfy { $0 == 0 })

        let account = source.account()
        #expect(account.source == nil && account.loaded.isEmpty)
        #expect(account.newParameterCount == source.parameters.reduce(0) { $0 + $1.count })
    }

    @Test func initialValuesDependOnSeedAndKeyOnly() throws {
        func values(seed: UInt64, before: Bool) throws -> [Float] {
            let source = source(seed: seed)
            let scope = ParameterScope(source).scope("bert")
            if before { _ = try scope.linear("other", 7, 7) }
            _ = try scope.linear("dense", 9, 11)
            return try #require(source.parameters.first { $0.pieces[0].key == "bert.dense.weight" }).tensor.values
        }
        #expect(try values(seed: 1, before: false) == values(seed: 1, before: true))
        #expect(try values(seed: 1, before: false) != values(seed: 2, before: false))
    }

    @Test func stackedLayersGiveTheirOutputsSideBySide() throws {
        let x = Tensor.random([4, 6], seed: 3)
        let pass = Pass.inference()
        let stacked = try ParameterScope(source()).linear(stacking: ["a", "b"], 6, 5)(x, pass)
        let scope = ParameterScope(source())
        let (a, b) = (try scope.linear("a", 6, 5)(x, pass), try scope.linear("b", 6, 5)(x, pass))
        #expect(stacked.shape == [4, 10])
        for row in 0..<4 { expectClose(stacked.row(row), a.row(row) + b.row(row), tolerance: 1e-7) }
    }

    @Test func inferenceKeepsNoMatrixAndGivesTheSameResult() throws {
        let x = Tensor.random([3, 17], seed: 4)
        let plain = try ParameterScope(source()).linear("dense", 17, 13, activation: .gelu)
        let source = source(use: .inference)
        let packed = try ParameterScope(source).linear("dense", 17, 13, activation: .gelu)
        #expect(source.parameters.map { $0.pieces[0].key } == ["dense.bias"])
        expectClose(packed(x, .inference()), plain(x, .inference()), tolerance: 1e-7)
    }

    @Test func linearWithoutBias() throws {
        let source = source()
        let layer = try ParameterScope(source).linear("dense", 3, 2, bias: false)
        #expect(source.parameters.flatMap(\.pieces).map(\.key) == ["dense.weight"])
        #expect(layer(Tensor(repeating: 0, shape: [1, 3]), .inference()).values == [0, 0])
    }
}
