import Foundation

/// What the system knows of processes.
enum ProcessFacts {
    /// The name of the machine.
    static let host = ProcessInfo.processInfo.hostName

    /// When a process began, in the system's own count; nil where there is no such process, or the system does not say.
    static func start(of process: Int32) -> String? {
        #if os(macOS)
            var info = proc_bsdinfo()
            let size = Int32(MemoryLayout<proc_bsdinfo>.size)
            guard proc_pidinfo(process, PROC_PIDTBSDINFO, 0, &info, size) == size else { return nil }
            return "\(info.pbi_start_tvsec).\(info.pbi_start_tvusec)"
        #else
            guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return nil }
            // The name of the program, in parentheses, may hold anything; the fields behind it begin with the third.
            guard let end = text.lastIndex(of: ")") else { return nil }
            let fields = text[text.index(after: end)...].split(separator: " ")
            return fields.count > 19 ? String(fields[19]) : nil
        #endif
    }
}
