/// The memory behind a tensor: a pooled buffer.
///
/// Contents are written while the storage has one owner: by the operation that creates it, by the optimizer and by
/// gradient accumulation. After that it is only read, which is what makes sharing it between threads sound.
final class Storage: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    let byteCount: Int
    /// Size of the pool's buffer.
    private let pooledSize: Int

    /// A buffer with undefined contents.
    init(byteCount: Int, hugePages: Bool = true) {
        (address, pooledSize) = MemoryPool.shared.take(byteCount, hugePages: hugePages)
        self.byteCount = byteCount
    }

    deinit { MemoryPool.shared.giveBack(address, size: pooledSize) }
}
