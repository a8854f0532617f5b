/// The memory behind a tensor: a pooled buffer, or a part of something kept alive elsewhere (a mapped file).
///
/// Contents are written while the storage has one owner: by the operation that creates it, by the optimizer and by
/// gradient accumulation. After that it is only read, which is what makes sharing it between threads sound.
final class Storage: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    let byteCount: Int
    /// Size of the pool's buffer; nil for borrowed memory.
    private let pooledSize: Int?
    private let owner: AnyObject?

    /// A pooled buffer with undefined contents.
    init(byteCount: Int, hugePages: Bool = true) {
        (address, pooledSize) = MemoryPool.shared.take(byteCount, hugePages: hugePages)
        self.byteCount = byteCount
        owner = nil
    }

    /// Memory that `owner` keeps alive and nobody writes.
    init(borrowing address: UnsafeRawPointer, byteCount: Int, from owner: AnyObject) {
        self.address = UnsafeMutableRawPointer(mutating: address)
        self.byteCount = byteCount
        pooledSize = nil
        self.owner = owner
    }

    /// Whether the memory belongs to something else and must not be written.
    var isBorrowed: Bool { pooledSize == nil }

    deinit {
        if let pooledSize { MemoryPool.shared.giveBack(address, size: pooledSize) }
    }
}
