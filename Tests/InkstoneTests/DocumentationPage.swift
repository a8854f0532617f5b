import Foundation

/// A README or an article of the DocC catalogue, as its readers see it.
struct DocumentationPage: Sendable, CustomStringConvertible {
    /// The folder of the package.
    static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    /// The catalogue.
    static let catalogue = package.appending(path: "Sources/Inkstone/Inkstone.docc")

    /// The path inside the package.
    let path: String
    /// Its lines.
    let lines: [String]

    var description: String { path }

    private init(_ path: String) throws {
        self.path = path
        let text = try String(contentsOf: Self.package.appending(path: path), encoding: .utf8)
        lines = text.components(separatedBy: "\n")
    }

    /// The README, in English and in Chinese.
    static func readmes() throws -> [DocumentationPage] {
        try ["README.md", "README.zh.md"].map(DocumentationPage.init)
    }

    /// The articles, in the order of the front page.
    static func articles() throws -> [DocumentationPage] {
        let front = try article("Inkstone")
        let names = front.lines.compactMap { line in
            line.hasPrefix("- <doc:") ? String(line.dropFirst(7).prefix { $0 != ">" }) : nil
        }
        return try [front] + names.map(article)
    }

    /// One article.
    static func article(_ name: String) throws -> DocumentationPage {
        try DocumentationPage("Sources/Inkstone/Inkstone.docc/\(name).md")
    }

    /// All pages, in the order in which they are read.
    static func all() throws -> [DocumentationPage] { try readmes() + articles() }

    /// The fenced blocks of one language; of an empty name those that have none.
    func blocks(_ language: String) -> [String] {
        var blocks: [String] = []
        var current: (language: String, lines: [String])?
        for line in lines {
            if let block = current {
                if line == "```" {
                    if block.language == language { blocks.append(block.lines.joined(separator: "\n")) }
                    current = nil
                } else {
                    current?.lines.append(line)
                }
            } else if line.hasPrefix("```") {
                current = (String(line.dropFirst(3)), [])
            }
        }
        return blocks
    }

    /// The commands of the program, a line each.
    var commands: [String] { blocks("sh").flatMap { $0.components(separatedBy: "\n") } }

    /// The Swift code, but the manifests.
    var code: [String] { blocks("swift").filter { !$0.hasPrefix(Self.manifestStart) } }

    /// The manifests of packages.
    var manifests: [String] { blocks("swift").filter { $0.hasPrefix(Self.manifestStart) } }

    private static let manifestStart = "// swift-tools-version"

    /// What stands between backquotes in a line, outside of blocks.
    var inlineCode: [String] {
        var isBlock = false
        var spans: [String] = []
        for line in lines {
            if line.hasPrefix("```") {
                isBlock.toggle()
            } else if !isBlock {
                let parts = line.components(separatedBy: "`")
                spans += parts.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
            }
        }
        return spans
    }

    /// Targets of links and pictures: `(…)` behind `]`, and `<doc:…>`.
    var links: [String] {
        let text = lines.joined(separator: "\n")
        let inline = text.components(separatedBy: "](").dropFirst().map { String($0.prefix { $0 != ")" }) }
        let references = text.components(separatedBy: "<doc:").dropFirst().map { "doc:" + $0.prefix { $0 != ">" } }
        return inline + references
    }
}
