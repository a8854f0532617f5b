import Foundation
import InkSupport
import Testing

@Suite struct SHA256Tests {
    /// Expected digests: FIPS 180-4 examples and `sha256sum`.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("砚台", "a18698b50f9c34569b121fe7f93973723f53e92abe878c249e80687e78eab9a9"),
    ])
    func knownDigests(text: String, digest: String) {
        #expect(SHA256.hexDigest(of: Data(text.utf8)) == digest)
    }

    @Test func piecesOfAnySizeGiveTheSameDigest() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 256) }
        let whole = SHA256.hexDigest(of: Data(bytes))
        #expect(whole == "c85a431e0fe575b2609289d3a4042414715f400612575a125d2ce5573d608732")
        for size in [1, 3, 55, 63, 64, 65, 127, 128, 500] {
            var hash = SHA256()
            for start in stride(from: 0, to: bytes.count, by: size) {
                hash.update(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(hash.hexDigest() == whole, "pieces of \(size)")
        }
    }

    @Test func everyPaddingLength() {
        var all = SHA256()
        for length in 0...130 {
            all.update(Array(SHA256.hexDigest(of: Data(repeating: 97, count: length)).utf8))
        }
        #expect(all.hexDigest() == "5eee4c50e1b5ec4f1a47f34c25ca988850b49da7904f5ab1b3abc5cc0ae66ef9")
    }

    @Test func files() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "ink-\(UUID().uuidString)")
        try Data("abc".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(try SHA256.hexDigest(ofFileAt: file) == expected)
        let missing = #expect(throws: InputError.self) {
            try SHA256.hexDigest(ofFileAt: URL(filePath: "/no/such/file"))
        }
        #expect(missing?.problem == "cannot read the file: no such file or folder")
    }
}
