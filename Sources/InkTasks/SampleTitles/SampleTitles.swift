/// The labelled news titles that ship with the project: ten classes, three splits, all written for it.
///
/// Enough to see a small encoder learn within minutes and to try every command; no benchmark of anything.
public enum SampleTitles {
    /// The three parts of the data; no title occurs in two of them.
    public enum Split: String, CaseIterable, Sendable {
        case train, dev, test
    }

    /// The ten class names in the order of their ids.
    public static let labels: [String] = classes.map(\.name)

    /// The titles of one split with their label ids (indices into ``labels``), classes interleaved round-robin so that
    /// no batch sees one class only. Always in the same order.
    public static func rows(_ split: Split) -> [(text: String, label: Int)] {
        let titlesByClass = classes.map { $0.titles(split).split(separator: "\n") }
        let longest = titlesByClass.map(\.count).max() ?? 0
        var rows: [(text: String, label: Int)] = []
        for round in 0..<longest {
            for (label, titles) in titlesByClass.enumerated() where round < titles.count {
                rows.append((text: String(titles[round]), label: label))
            }
        }
        return rows
    }

    /// The rows of one split as a file: a line `text<TAB>label id` each, the format of the reference recipe.
    public static func tsv(_ split: Split) -> String {
        rows(split).map { "\($0.text)\t\($0.label)\n" }.joined()
    }

    /// A class: its name and the titles of each split, one a line.
    private struct TitleClass: Sendable {
        let name: String
        let train: String
        let dev: String
        let test: String

        func titles(_ split: Split) -> String {
            switch split {
            case .train: train
            case .dev: dev
            case .test: test
            }
        }
    }

    private static let classes: [TitleClass] = [
        TitleClass(
            name: "finance", train: FinanceTitles.train, dev: FinanceTitles.dev, test: FinanceTitles.test),
        TitleClass(
            name: "realty", train: RealtyTitles.train, dev: RealtyTitles.dev, test: RealtyTitles.test),
        TitleClass(
            name: "stocks", train: StocksTitles.train, dev: StocksTitles.dev, test: StocksTitles.test),
        TitleClass(
            name: "education", train: EducationTitles.train, dev: EducationTitles.dev, test: EducationTitles.test),
        TitleClass(
            name: "science", train: ScienceTitles.train, dev: ScienceTitles.dev, test: ScienceTitles.test),
        TitleClass(
            name: "society", train: SocietyTitles.train, dev: SocietyTitles.dev, test: SocietyTitles.test),
        TitleClass(
            name: "politics", train: PoliticsTitles.train, dev: PoliticsTitles.dev, test: PoliticsTitles.test),
        TitleClass(
            name: "sports", train: SportsTitles.train, dev: SportsTitles.dev, test: SportsTitles.test),
        TitleClass(
            name: "game", train: GameTitles.train, dev: GameTitles.dev, test: GameTitles.test),
        TitleClass(
            name: "entertainment", train: EntertainmentTitles.train, dev: EntertainmentTitles.dev,
            test: EntertainmentTitles.test),
    ]
}
