import InkTasks
import Testing

@Suite struct TokenWindowTests {
    @Test func aShortTextIsOneWindow() {
        for count in [0, 1, 9, 10] {
            let windows = TokenWindow.windows(count: count, room: 10, overlap: 4)
            #expect(windows.map(\.tokens) == [0..<count])
            #expect(windows.map(\.owned) == [0..<count])
        }
    }

    @Test func windowsOverlapAndTheMiddleDivides() {
        let windows = TokenWindow.windows(count: 20, room: 10, overlap: 4)
        #expect(windows.map(\.tokens) == [0..<10, 6..<16, 12..<20])
        #expect(windows.map(\.owned) == [0..<8, 8..<14, 14..<20])
    }

    @Test(arguments: [(1, 0), (2, 1), (7, 0), (7, 3), (7, 6), (10, 5)])
    func everyTokenIsOwnedWhereItHasMostContext(_ room: Int, _ overlap: Int) {
        for count in 0..<40 {
            let windows = TokenWindow.windows(count: count, room: room, overlap: overlap)
            #expect(windows.flatMap { Array($0.owned) } == Array(0..<count))
            for window in windows {
                #expect(window.tokens.count <= room)
                for token in window.owned {
                    func context(_ other: TokenWindow) -> Int {
                        guard other.tokens.contains(token) else { return -1 }
                        // The ends of the text have no context beyond them in any window.
                        let left = other.tokens.lowerBound == 0 ? Int.max : token - other.tokens.lowerBound
                        let right = other.tokens.upperBound == count ? Int.max : other.tokens.upperBound - 1 - token
                        return min(left, right)
                    }
                    #expect(windows.allSatisfy { context($0) <= context(window) || overlap > room / 2 })
                }
            }
        }
    }
}
