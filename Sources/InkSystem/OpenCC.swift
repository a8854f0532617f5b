import InkSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A conversion of OpenCC, a library of the system that is looked for when it is needed.
///
/// Conversions do not change the library's tables, so threads may share one.
public final class OpenCC: @unchecked Sendable {
    private typealias Open = @convention(c) (UnsafePointer<CChar>?) -> UnsafeMutableRawPointer?
    private typealias Convert =
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, Int) -> UnsafeMutablePointer<CChar>?
    private typealias Free = @convention(c) (UnsafeMutablePointer<CChar>?) -> Void
    private typealias Close = @convention(c) (UnsafeMutableRawPointer?) -> Int32

    private static let fileNames = [
        "libopencc.so.1.1", "libopencc.so.2", "libopencc.so.1.2", "libopencc.so.1", "libopencc.so",
        "libopencc.1.1.dylib",
        "libopencc.dylib", "/opt/homebrew/lib/libopencc.dylib", "/usr/local/lib/libopencc.dylib",
    ]

    private let library: UnsafeMutableRawPointer
    private let handle: UnsafeMutableRawPointer
    private let convertFunction: Convert
    private let freeFunction: Free
    private let closeFunction: Close

    /// Whether the library and its dictionaries are on this machine.
    public static var isInstalled: Bool { (try? OpenCC(configuration: "t2s.json", at: "OpenCC")) != nil }

    /// - Parameters:
    ///   - configuration: one of OpenCC's conversions, `t2s.json`.
    ///   - location: the setting that asked for it, for messages.
    /// - Throws: `InputError` (`.run`) where the library or its dictionaries are missing, with the command that installs them.
    public init(configuration: String, at location: String) throws {
        guard let library = Self.load() else {
            throw InputError(
                .run, at: location, "the library libopencc is not installed", remedy: Self.remedy)
        }
        guard let open: Open = Self.function("opencc_open", library),
            let convert: Convert = Self.function("opencc_convert_utf8", library),
            let free: Free = Self.function("opencc_convert_utf8_free", library),
            let close: Close = Self.function("opencc_close", library)
        else {
            dlclose(library)
            throw InputError(
                .run, at: location, "the library libopencc lacks a function", expected: "OpenCC 1.1",
                remedy: Self.remedy)
        }
        // A failure is told by (opencc_t)-1.
        guard let handle = configuration.withCString({ open($0) }), Int(bitPattern: handle) != -1 else {
            dlclose(library)
            throw InputError(
                .run, at: location, "OpenCC has no conversion of this name, or its dictionaries are not installed",
                found: configuration, remedy: Self.remedy)
        }
        self.library = library
        self.handle = handle
        convertFunction = convert
        freeFunction = free
        closeFunction = close
    }

    deinit {
        _ = closeFunction(handle)
        dlclose(library)
    }

    /// The text converted.
    /// - Parameter utf8: valid UTF-8 without a zero byte.
    /// - Throws: `InputError` (`.run`) where OpenCC refuses it.
    public func convert(_ utf8: ArraySlice<UInt8>) throws -> [UInt8] {
        if utf8.isEmpty { return [] }
        let result: [UInt8]? = utf8.withUnsafeBytes { bytes in
            let characters = bytes.bindMemory(to: CChar.self)
            guard let converted = convertFunction(handle, characters.baseAddress, bytes.count) else { return nil }
            defer { freeFunction(converted) }
            return Array(UnsafeRawBufferPointer(start: converted, count: strlen(converted)))
        }
        guard let result else {
            throw InputError(.run, at: "OpenCC", "a text cannot be converted", found: "\(utf8.count) bytes")
        }
        return result
    }

    private static let remedy =
        "install it (apt-get install libopencc1.1, or brew install opencc), or keep the text as it is"

    private static func load() -> UnsafeMutableRawPointer? {
        for name in fileNames {
            if let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) { return library }
        }
        return nil
    }

    private static func function<Function>(_ name: String, _ library: UnsafeMutableRawPointer) -> Function? {
        dlsym(library, name).map { unsafeBitCast($0, to: Function.self) }
    }
}
