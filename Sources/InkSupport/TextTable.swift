/// A table in plain text whose columns line up on a terminal, 汉字 included.
public struct TextTable: Sendable {
    /// Where the cells of a column stand.
    public enum Alignment: Sendable {
        case left
        case right
    }

    private let header: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// A table with the given header; an empty header prints no header line. Columns beyond `alignments` are left.
    public init(header: [String] = [], alignments: [Alignment] = []) {
        self.header = header
        self.alignments = alignments
    }

    /// Adds a row. Rows may differ in length.
    public mutating func append(_ row: [String]) { rows.append(row) }

    /// The lines, two spaces between columns, no blanks at the ends of lines.
    public var lines: [String] {
        let all = header.isEmpty ? rows : [header] + rows
        var widths: [Int] = []
        for row in all {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], DisplayWidth.of(cell))
            }
        }
        return all.map { row in
            let cells = row.enumerated().map { column, cell in
                let isRight = column < alignments.count && alignments[column] == .right
                return cell.padded(to: widths[column], trailing: isRight)
            }
            let line = cells.joined(separator: "  ")
            let end = line.lastIndex { $0 != " " }
            return end.map { String(line[...$0]) } ?? ""
        }
    }

    /// The lines joined by newlines, with one at the end unless there are none.
    public var text: String { lines.map { $0 + "\n" }.joined() }
}
