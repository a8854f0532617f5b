import InkSupport
import InkTensor

/// A weight file written by `torch.save`: a ZIP archive (since PyTorch 1.6), or pickles followed by raw storages.
struct TorchFile: WeightFile {
    let file: RandomAccessFile
    let tensors: [(name: String, tensor: StoredTensor)]
    let metadata: [String: String] = [:]

    init(_ file: RandomAccessFile) throws {
        self.file = file
        let start = try file.bytes(0..<min(file.count, 4))
        if start.starts(with: "PK\u{3}\u{4}".utf8) || start.starts(with: "PK\u{5}\u{6}".utf8) {
            let archive = try TorchArchive(file)
            tensors = try Self.tensors(archive.document, in: file, storage: archive.storage)
        } else {
            let legacy = try TorchLegacyFile(file)
            tensors = try Self.tensors(legacy.document, in: file, storage: legacy.storage)
        }
    }

    /// Resolves the views that the pickle describes; `storage` gives where a storage's bytes are.
    private static func tensors(
        _ document: PickleDocument, in file: RandomAccessFile, storage: (PickleStorage) throws -> Range<Int>
    ) throws -> [(name: String, tensor: StoredTensor)] {
        try StateDictionary.tensors(in: document, of: file).map { name, view in
            let stored = document.storages[view.storage]
            var bytes = try storage(stored)
            if let part = stored.part {
                let first = bytes.lowerBound + part.first * stored.type.size
                bytes = first..<first + part.count * stored.type.size
            }
            guard let shape = StoredTensor.shape(view.size),
                let tensor = StoredTensor(
                    stored.type, shape, first: view.first, strides: view.strides, of: bytes, in: file)
            else {
                throw InputError(
                    at: "\(file.path): \(name)", "the tensor does not fit its storage",
                    expected: "a view within \(bytes.count / stored.type.size) elements",
                    found: "size \(view.size), strides \(view.strides), offset \(view.first)")
            }
            return (name, tensor)
        }
    }
}

/// The newer form: `NAME/data.pkl`, `NAME/data/KEY` for each storage, `NAME/byteorder`.
private struct TorchArchive {
    let document: PickleDocument
    private let file: RandomAccessFile
    private let archive: ZipArchive
    private let folder: String

    init(_ file: RandomAccessFile) throws {
        self.file = file
        archive = try ZipArchive(file)
        let pickles = archive.entries.keys.filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
        guard pickles.count == 1, let pickle = pickles.first, let range = archive.entries[pickle] else {
            throw InputError(
                at: file.path, "no archive of `torch.save`", expected: "one entry named data.pkl",
                found: "\(pickles.count) among \(archive.entries.count) entries")
        }
        folder = String(pickle.dropLast("data.pkl".count))
        guard archive.entries[folder + "constants.pkl"] == nil else {
            throw InputError(
                at: file.path, "a TorchScript program, not weights", remedy: "save `model.state_dict()` instead")
        }
        if let entry = archive.entries[folder + "byteorder"],
            case let order = try file.bytes(entry.lowerBound..<min(entry.upperBound, entry.lowerBound + 16)),
            !order.elementsEqual("little".utf8)
        {
            throw InputError(
                at: "\(file.path): byteorder", "the bytes are in an order that is not read here", expected: "little",
                found: String(decoding: order, as: UTF8.self),
                remedy: "convert the file to safetensors with a tool you trust")
        }
        var reader = try BoundedReader(file, range, subject: "pickle")
        document = try PickleReader.read(&reader)
    }

    func storage(_ storage: PickleStorage) throws -> Range<Int> {
        let name = "\(folder)data/\(storage.key)"
        guard let range = archive.entries[name] else {
            throw InputError(at: "\(file.path): \(name)", "the archive lacks a storage that its tensors use")
        }
        guard storage.count <= range.count / storage.type.size else {
            throw InputError(
                at: "\(file.path): \(name)", "the storage is shorter than its tensors say",
                expected: "\(storage.count) elements of \(storage.type.size) bytes", found: "\(range.count) bytes")
        }
        return range.lowerBound..<range.lowerBound + storage.count * storage.type.size
    }
}

/// The older form: a magic number, the protocol, facts about the system, the object, the storages' keys (each a
/// pickle of its own), then for each key the number of elements and the elements.
private struct TorchLegacyFile {
    let document: PickleDocument
    private let file: RandomAccessFile
    private var storages: [String: Range<Int>] = [:]

    /// 0x1950a86a20f9469cfc6c
    private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

    init(_ file: RandomAccessFile) throws {
        self.file = file
        var reader = try BoundedReader(file, 0..<file.count, subject: "pickle")
        let start = try file.bytes(0..<min(file.count, 16))
        guard start[0] == 0x80, case .longInteger(Self.magic) = try PickleReader.read(&reader).root else {
            throw InputError(
                at: file.path, "no weight file that is known here", expected: "safetensors, or a file of `torch.save`",
                found: Self.shown(start), remedy: "copy or download the file again, or convert it to safetensors")
        }
        guard case .integer(1001) = try PickleReader.read(&reader).root else {
            throw InputError(at: file.path, "unknown version of the older torch.save format", expected: "1001")
        }
        let system = try PickleReader.read(&reader)
        guard case .bool(true) = system.value("little_endian", in: system.root) else {
            throw InputError(
                at: file.path, "the file does not say that its bytes are little-endian",
                remedy: "convert the file to safetensors with a tool you trust")
        }
        document = try PickleReader.read(&reader)
        let keys = try PickleReader.read(&reader)
        guard case .list(let index) = keys.root else {
            throw InputError(at: file.path, "the list of storages is missing")
        }
        let described = Dictionary(document.storages.map { ($0.key, $0) }) { first, _ in first }
        for key in keys.lists[index] {
            guard case .string(let key) = key, let storage = described[key] else {
                throw InputError(at: file.path, "the list of storages names one that no tensor describes")
            }
            let count = try reader.size(Int64.self)
            guard count == storage.count else {
                throw InputError(
                    at: "\(file.path): storage \(key)", "the storage has another length than its tensors say",
                    expected: "\(storage.count) elements", found: "\(count)")
            }
            guard count <= reader.remaining / storage.type.size else {
                throw InputError(
                    at: "\(file.path): storage \(key)", "the file ends within the storage",
                    expected: "\(count) elements of \(storage.type.size) bytes", found: "\(reader.remaining) bytes",
                    remedy: "the file may be cut off; copy or download it again")
            }
            storages[key] = try reader.take(count * storage.type.size)
        }
    }

    private static func shown(_ start: [UInt8]) -> String {
        let isText = start.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        guard isText else { return "bytes " + start.map { String($0, radix: 16) }.joined(separator: " ") }
        return "text that begins “\(String(decoding: start, as: UTF8.self))”"
    }

    func storage(_ storage: PickleStorage) throws -> Range<Int> {
        guard let range = storages[storage.key], storage.count <= range.count / storage.type.size else {
            throw InputError(
                at: "\(file.path): storage \(storage.key)", "the file lacks a storage that its tensors use")
        }
        return range
    }
}
