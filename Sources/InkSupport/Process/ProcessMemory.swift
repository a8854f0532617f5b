import Foundation

/// Memory of this process, as the operating system counts it.
public enum ProcessMemory {
    /// Bytes in physical memory now; nil where the system does not say.
    public static func residentBytes() -> Int? {
        #if os(macOS)
            var info = proc_taskinfo()
            let size = Int32(MemoryLayout<proc_taskinfo>.size)
            return proc_pidinfo(getpid(), PROC_PIDTASKINFO, 0, &info, size) == size ? Int(info.pti_resident_size) : nil
        #else
            return statusField("VmRSS")
        #endif
    }

    /// The largest number of bytes in physical memory since the process began; nil where the system does not say.
    public static func peakBytes() -> Int? {
        #if os(macOS)
            var usage = rusage()
            return getrusage(RUSAGE_SELF, &usage) == 0 ? Int(usage.ru_maxrss) : nil
        #else
            return statusField("VmHWM")
        #endif
    }

    #if os(Linux)
        /// Bytes of address space in use, which `ulimit -v` bounds.
        static func addressSpaceBytes() -> Int? { statusField("VmSize") }
    #endif

    #if !os(macOS)
        /// A field of /proc/self/status, such as `VmRSS:	   12345 kB`, in bytes.
        private static func statusField(_ name: String) -> Int? {
            guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
            guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") }) else { return nil }
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count == 3, words[2] == "kB", let kilobytes = Int(words[1]) else { return nil }
            return kilobytes.multipliedReportingOverflow(by: 1024).partialValue
        }
    #endif

    /// Bytes for people: `820 MB`, `3.1 GB` (decimal units).
    public static func text(_ bytes: Int) -> String {
        bytes >= 1_000_000_000
            ? String(format: "%.1f GB", Double(bytes) / 1e9) : String(format: "%.0f MB", Double(bytes) / 1e6)
    }
}
