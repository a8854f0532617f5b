/// A part of a text that is longer than the model takes.
///
/// Consecutive windows overlap, so that what a cut would tear apart is whole in one of them. Each token is owned by
/// the one window in which it has most context on its poorer side (the rule of BERT's `run_squad.py`).
package struct TokenWindow: Equatable, Sendable {
    /// The tokens of the text in the window.
    package var tokens: Range<Int>
    /// Those of them whose best place is this window; the windows of a text own every token once.
    package var owned: Range<Int>

    /// The windows of a text of `count` tokens, each of at most `room`, the next beginning `overlap` before the end of
    /// the last. `room` is at least 1 and `overlap` below it. A text without tokens has one empty window.
    package static func windows(count: Int, room: Int, overlap: Int) -> [TokenWindow] {
        var windows: [TokenWindow] = []
        var start = 0
        while true {
            let end = min(start + room, count)
            var owned = start..<end
            if let last = windows.last {
                // In the overlap the context shrinks on one side as it grows on the other: even in the middle.
                let border = (last.tokens.upperBound + start + 1) / 2
                windows[windows.count - 1].owned = last.owned.lowerBound..<border
                owned = border..<end
            }
            windows.append(TokenWindow(tokens: start..<end, owned: owned))
            if end == count { return windows }
            start = end - overlap
        }
    }
}
