import Foundation
import Inkstone
import Testing

/// A user's own types, with the names that rooms of Inkstone use too: one import must not hide or clash with them.
private struct Document: Codable, Equatable {
    var shape: Shape

    private enum CodingKeys: String, CodingKey { case rows, columns }

    init(shape: Shape) { self.shape = shape }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        shape = Shape(
            rows: try container.decode(Int.self, forKey: .rows),
            columns: try container.decode(Int.self, forKey: .columns))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(shape.rows, forKey: .rows)
        try container.encode(shape.columns, forKey: .columns)
    }
}

private struct Shape: Equatable {
    var rows: Int
    var columns: Int
}

private enum Recipe { case soup }
private struct Encoding {}
private struct SHA256 {}
private struct MD5 {}

@Suite("import Inkstone")
struct FacadeTests {
    @Test("Nothing of Swift's and nothing of the user's is hidden")
    func names() throws {
        let document = Document(shape: Shape(rows: 2, columns: 3))
        let data = try JSONEncoder().encode(document)
        #expect(try JSONDecoder().decode(Document.self, from: data) == document)
        _ = (Recipe.soup, Encoding(), SHA256(), MD5())
    }

    @Test("Errors and settings are there without another import")
    func types() throws {
        #expect(throws: InputError.self) { try TextClassifier(contentsOf: URL(filePath: "/nowhere")) }
        var settings = FineTuningSettings(
            model: .shape(.nano), train: URL(filePath: "a"), dev: URL(filePath: "b"), output: URL(filePath: "c"))
        settings.task = .tagging
        #expect(TaskName.allCases.contains(settings.task))
    }
}
