import InkSupport
import Testing

@Suite struct MD5Tests {
    /// Expected digests: RFC 1321, appendix A.5, and `md5sum`.
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"),
        ("a", "0cc175b9c0f1b6a831c399e269772661"),
        ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
        (
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            "d174ab98d277d9f5a5611c2c9f419d9f"
        ),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a"
        ),
        ("砚台", "a009c5293746edaeff0a51a8d9a732e5"),
    ])
    func knownDigests(text: String, digest: String) {
        #expect(MD5.hexDigest(of: text.utf8) == digest)
    }

    @Test func everyPaddingLength() {
        let all = (0...130).map { MD5.hexDigest(of: [UInt8](repeating: 97, count: $0)) }.joined()
        #expect(MD5.hexDigest(of: all.utf8) == "dc15a7096e621b7f0679b8ac9d383e7f")
    }
}
