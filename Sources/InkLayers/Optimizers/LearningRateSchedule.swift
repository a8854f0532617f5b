#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The learning rate of each step as a factor on the peak.
public struct LearningRateSchedule: Sendable, Equatable, Codable {
    public enum Shape: String, Sendable, Codable, CaseIterable {
        case linear
        case constant
        case cosine
        /// `warmup_linear` of the reference BertAdam: with progress p = step / total and warm-up share w, p / w
        /// before w, then max((p − 1) / (w − 1), 0).
        case bertAdam
    }

    public var shape: Shape
    /// Steps of the whole run.
    public var totalSteps: Int
    /// Share of the steps in which the rate rises from 0 to the peak.
    public var warmup: Double

    public init(_ shape: Shape, totalSteps: Int, warmup: Double) {
        self.shape = shape
        self.totalSteps = max(totalSteps, 1)
        self.warmup = warmup
    }

    /// The factor for step `step`, counted from 0.
    ///
    /// `linear`, `constant` and `cosine` are those of transformers (`get_linear_schedule_with_warmup` …), with
    /// ⌈warmup · totalSteps⌉ warm-up steps.
    public func factor(step: Int) -> Float {
        if shape == .bertAdam {
            let progress = Double(step) / Double(totalSteps)
            if progress < warmup { return Float(progress / warmup) }
            return progress < 1 ? Float((1 - progress) / (1 - warmup)) : 0
        }
        let warmupSteps = Int((warmup * Double(totalSteps)).rounded(.up))
        if step < warmupSteps { return Float(Double(step) / Double(max(1, warmupSteps))) }
        let progress = Double(step - warmupSteps) / Double(max(1, totalSteps - warmupSteps))
        switch shape {
        case .constant: return 1
        case .cosine: return Float(max(0, 0.5 * (1 + cos(Double.pi * min(progress, 1)))))
        case .linear, .bertAdam: return Float(max(0, 1 - progress))
        }
    }
}
