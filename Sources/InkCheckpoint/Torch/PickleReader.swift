import InkSupport
import InkTensor

/// Reads the pickles of PyTorch state dictionaries, protocols 2 to 5, and never runs anything.
///
/// It knows the opcodes that state dictionaries need and the names in `PickleGlobal`; any other opcode or name is an
/// error. Memory stays within a small multiple of the pickle's size.
struct PickleReader {
    private var reader: BoundedReader
    private var document = PickleDocument()
    private var stack: [PickleValue] = []
    /// Heights of the stack at the marks that are still open.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    /// Number of items copied from lists into dictionaries, which a damaged pickle may ask for again and again.
    private var copiedItems = 0

    /// Reads one pickle and leaves `reader` behind it.
    static func read(_ reader: inout BoundedReader) throws -> PickleDocument {
        var pickle = PickleReader(reader: reader)
        while try pickle.step() {}
        reader = pickle.reader
        return pickle.document
    }

    private init(reader: BoundedReader) {
        self.reader = reader
    }

    private func error(_ problem: String, found: String? = nil) -> InputError {
        InputError(
            at: "\(reader.file.path): pickle, byte \(reader.offset)", problem, found: found,
            remedy: "if the file is what you meant to open, convert it to safetensors with a tool you trust")
    }

    private func damaged(_ problem: String) -> InputError {
        InputError(
            at: "\(reader.file.path): pickle, byte \(reader.offset)", "the pickle is damaged: \(problem)",
            remedy: "copy or download the file again")
    }

    // MARK: - Stack and memo

    private mutating func pop() throws -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
            throw damaged("a value is missing from the stack")
        }
        return value
    }

    private mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast() else { throw damaged("a mark is missing from the stack") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private func top() throws -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.last else {
            throw damaged("a value is missing from the stack")
        }
        return value
    }

    private mutating func push(tuple elements: [PickleValue]) {
        stack.append(.tuple(document.tuples.count))
        document.tuples.append(elements)
    }

    private mutating func push(list elements: [PickleValue]) {
        stack.append(.list(document.lists.count))
        document.lists.append(elements)
    }

    private mutating func push(dictionary elements: [PickleValue]) throws {
        stack.append(.dictionary(document.dictionaries.count))
        document.dictionaries.append([])
        try setItems(elements)
    }

    /// Adds keys and values, in turns, to the dictionary on top of the stack.
    private mutating func setItems(_ elements: [PickleValue]) throws {
        guard case .dictionary(let index) = try top(), elements.count % 2 == 0 else {
            throw damaged("items are set on no dictionary")
        }
        for position in stride(from: 0, to: elements.count, by: 2) {
            document.dictionaries[index].append((elements[position], elements[position + 1]))
        }
    }

    private mutating func append(_ elements: [PickleValue]) throws {
        guard case .list(let index) = try top() else { throw damaged("elements are appended to no list") }
        document.lists[index] += elements
    }

    private mutating func recall(_ index: Int) throws {
        guard let value = memo[index] else { throw damaged("nothing was remembered as \(index)") }
        stack.append(value)
    }

    // MARK: - Opcodes

    /// Carries out one opcode. False after the last one.
    private mutating func step() throws -> Bool {
        let opcode = try reader.integer(UInt8.self)
        switch opcode {
        case 0x2E:  // STOP
            document.root = try pop()
            return false
        case 0x80:  // PROTO
            let version = try reader.integer(UInt8.self)
            guard (2...5).contains(version) else { throw error("unknown pickle protocol", found: "\(version)") }
        case 0x95:  // FRAME: a length that helps streams; here the whole pickle is in memory.
            guard try reader.size(UInt64.self) <= reader.remaining else { throw damaged("a frame is too long") }
        case 0x28: marks.append(stack.count)  // MARK
        case 0x30: _ = try pop()  // POP
        case 0x31: _ = try popToMark()  // POP_MARK
        case 0x32: stack.append(try top())  // DUP
        case 0x29: push(tuple: [])  // EMPTY_TUPLE
        case 0x74: push(tuple: try popToMark())  // TUPLE
        case 0x85...0x87:  // TUPLE1, TUPLE2, TUPLE3
            push(tuple: try (0..<opcode - 0x84).map { _ in try pop() }.reversed())
        case 0x5D: push(list: [])  // EMPTY_LIST
        case 0x6C: push(list: try popToMark())  // LIST
        case 0x61: try append([try pop()])  // APPEND
        case 0x65: try append(try popToMark())  // APPENDS
        case 0x7D: try push(dictionary: [])  // EMPTY_DICT
        case 0x64: try push(dictionary: try popToMark())  // DICT
        case 0x73: try setItems([try pop(), try pop()].reversed())  // SETITEM
        case 0x75: try setItems(try popToMark())  // SETITEMS
        case 0x71: memo[Int(try reader.integer(UInt8.self))] = try top()  // BINPUT
        case 0x72: memo[Int(try reader.integer(UInt32.self))] = try top()  // LONG_BINPUT
        case 0x94: memo[memo.count] = try top()  // MEMOIZE
        case 0x68: try recall(Int(try reader.integer(UInt8.self)))  // BINGET
        case 0x6A: try recall(Int(try reader.integer(UInt32.self)))  // LONG_BINGET
        case 0x63: try pushGlobal(module: try line(), name: try line())  // GLOBAL
        case 0x93:  // STACK_GLOBAL
            guard case (.string(let name), .string(let module)) = (try pop(), try pop()) else {
                throw damaged("a name is no text")
            }
            try pushGlobal(module: module, name: name)
        case 0x52: try reduce()  // REDUCE
        case 0x62: try build()  // BUILD
        case 0x51: try pushStorage(try pop())  // BINPERSID
        default: stack.append(try scalar(opcode))
        }
        return true
    }

    /// The value of an opcode that stands for a number, a truth value or text.
    private mutating func scalar(_ opcode: UInt8) throws -> PickleValue {
        switch opcode {
        case 0x4E: return .none  // NONE
        case 0x88: return .bool(true)  // NEWTRUE
        case 0x89: return .bool(false)  // NEWFALSE
        case 0x4A: return .integer(Int(try reader.integer(Int32.self)))  // BININT
        case 0x4B: return .integer(Int(try reader.integer(UInt8.self)))  // BININT1
        case 0x4D: return .integer(Int(try reader.integer(UInt16.self)))  // BININT2
        case 0x8A: return try longInteger(Int(try reader.integer(UInt8.self)))  // LONG1
        case 0x47:  // BINFLOAT: big-endian, unlike all else
            return .double(Double(bitPattern: try reader.integer(UInt64.self).byteSwapped))
        case 0x58: return .string(try reader.text(try reader.size(UInt32.self)))  // BINUNICODE
        case 0x8C: return .string(try reader.text(Int(try reader.integer(UInt8.self))))  // SHORT_BINUNICODE
        case 0x8D: return .string(try reader.text(try reader.size(UInt64.self)))  // BINUNICODE8
        case 0x54: return .string(try reader.text(try reader.size(Int32.self)))  // BINSTRING, of Python 2
        case 0x55: return .string(try reader.text(Int(try reader.integer(UInt8.self))))  // SHORT_BINSTRING
        case 0x42:  // BINBYTES
            _ = try reader.take(try reader.size(UInt32.self))
            return .bytes
        case 0x43:  // SHORT_BINBYTES
            _ = try reader.take(Int(try reader.integer(UInt8.self)))
            return .bytes
        default:
            throw error("an opcode that no state dictionary needs", found: "0x" + String(opcode, radix: 16))
        }
    }

    private mutating func longInteger(_ count: Int) throws -> PickleValue {
        let bytes = Array(try reader.bytes(count))
        guard count <= 8 else { return .longInteger(bytes) }
        let sign: UInt8 = bytes.last.map { $0 >= 0x80 ? 0xFF : 0 } ?? 0
        let padded = bytes + [UInt8](repeating: sign, count: 8 - count)
        return .integer(Int(truncatingIfNeeded: padded.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
    }

    /// The text up to the next line feed.
    private mutating func line() throws -> String {
        var bytes: [UInt8] = []
        while case let byte = try reader.integer(UInt8.self), byte != 0x0A { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: - Objects

    private mutating func pushGlobal(module: String, name: String) throws {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw error("the file asks for something that no state dictionary needs", found: "\(module).\(name)")
        }
        stack.append(.global(global))
    }

    /// Calls an allowed name: makes the value that it stands for.
    private mutating func reduce() throws {
        guard case (.tuple(let index), .global(let global)) = (try pop(), try pop()) else {
            throw damaged("a call without arguments or of no name")
        }
        let arguments = document.tuples[index]
        switch global {
        case .orderedDictionary where arguments.isEmpty:
            try push(dictionary: [])
        case .orderedDictionary:
            // Python 2 gives the items as a list of pairs.
            guard arguments.count == 1, case .list(let items) = arguments[0] else { throw damaged("odd dictionary") }
            copiedItems += document.lists[items].count
            guard copiedItems <= reader.offset else { throw damaged("more items than bytes") }
            try push(dictionary: try document.lists[items].flatMap(pair))
        case .size:
            guard arguments.count == 1, document.integers(arguments[0]) != nil else { throw damaged("odd size") }
            stack.append(arguments[0])
        case .rebuildTensor:
            guard arguments.count >= 4, case .storage(let storage) = arguments[0],
                case .integer(let first) = arguments[1], let size = document.integers(arguments[2]),
                let strides = document.integers(arguments[3])
            else { throw damaged("odd tensor") }
            stack.append(.tensor(document.tensors.count))
            document.tensors.append(PickleTensor(storage: storage, first: first, size: size, strides: strides))
        case .rebuildParameter:
            guard let data = arguments.first, case .tensor = data else { throw damaged("odd parameter") }
            stack.append(data)
        case .storageType, .elementType:
            throw damaged("a type is called")
        }
    }

    private func pair(_ value: PickleValue) throws -> [PickleValue] {
        let elements: [PickleValue]
        switch value {
        case .tuple(let index): elements = document.tuples[index]
        case .list(let index): elements = document.lists[index]
        default: elements = []
        }
        guard elements.count == 2 else { throw damaged("odd dictionary") }
        return elements
    }

    /// Drops the attributes of an object: those of dictionaries and parameters say nothing about weights.
    private mutating func build() throws {
        _ = try pop()
        switch try top() {
        case .dictionary, .tensor: break
        default: throw error("attributes are set on something that has none")
        }
    }

    /// A reference to a storage: `("storage", type, key, device, count)`, in older files with a part of it at the end.
    private mutating func pushStorage(_ reference: PickleValue) throws {
        guard case .tuple(let index) = reference, case let fields = document.tuples[index], fields.count >= 5,
            case .string("storage") = fields[0], case .global(.storageType(let type)) = fields[1],
            case .string(let key) = fields[2], case .integer(let count) = fields[4], count >= 0
        else { throw error("a reference to something other than a storage") }
        var part: (Int, Int)?
        if fields.count > 5, case .tuple(let view) = fields[5] {
            guard document.tuples[view].count == 3, case .integer(let first) = document.tuples[view][1],
                case .integer(let length) = document.tuples[view][2], first >= 0, length >= 0, first <= count,
                length <= count - first
            else { throw damaged("odd part of a storage") }
            part = (first, length)
        }
        stack.append(.storage(document.storages.count))
        document.storages.append(PickleStorage(type: type, key: key, count: count, part: part))
    }
}
