/// A revision of the Model Context Protocol.
package enum MCPRevision: String, Sendable, Hashable, CaseIterable, Comparable {
    case november2024 = "2024-11-05"
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"

    /// Offered to a client that asks for a revision we do not know.
    package static let newestHandshake = november2025
    /// What a client speaks over HTTP that does not say: the last revision without the header.
    package static let unsaid = march2025

    /// Every request stands for itself; there is no handshake.
    package var isStateless: Bool { self >= .july2026 }
    /// Several messages in one array; taken out again by the revision after.
    package var hasBatches: Bool { self == .march2025 }
    package var hasAnnotations: Bool { self >= .march2025 }
    package var hasStructuredContent: Bool { self >= .june2025 }
    package var hasElicitation: Bool { self >= .june2025 }
    /// Forms have a name since there are other ways to ask.
    package var namesFormMode: Bool { self >= .november2025 }

    package static func < (left: MCPRevision, right: MCPRevision) -> Bool { left.rawValue < right.rawValue }
}
