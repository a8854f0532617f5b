import Foundation

/// Memory of the machine.
public struct SystemMemory: Sendable, Equatable {
    /// Bytes of physical memory.
    public let total: Int
    /// Bytes that a new process can have without swapping, as the system estimates it.
    public let available: Int

    /// Nil where the system does not say.
    public static func read() -> SystemMemory? {
        #if os(Linux)
            guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return nil }
            func field(_ name: String) -> Int? {
                let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
                guard let words = line?.split(separator: " "), words.count == 3, let kilobytes = Int(words[1]) else {
                    return nil
                }
                return kilobytes.multipliedReportingOverflow(by: 1024).partialValue
            }
            guard let total = field("MemTotal"), let available = field("MemAvailable") else { return nil }
            return SystemMemory(total: total, available: available)
        #else
            let total = Int(clamping: ProcessInfo.processInfo.physicalMemory)
            return SystemMemory(total: total, available: total)
        #endif
    }
}
