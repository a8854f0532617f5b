extension Array where Element: Comparable {
    /// Places of the `count` largest values, the largest first, ties in their order; without sorting the rest.
    func indicesOfLargest(_ count: Int) -> [Int] {
        var best: [Int] = []
        for index in indices {
            if best.count == count, let last = best.last, self[index] <= self[last] { continue }
            let place = best.firstIndex { self[$0] < self[index] } ?? best.count
            best.insert(index, at: place)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}
