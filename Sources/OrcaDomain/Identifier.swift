/// The id of one kind of entity: a prefix that names the kind, then 26 characters that sort by creation time.
///
/// Ids of different kinds are different types, so that one can never be passed for the other.
package struct Identifier<Kind: IdentifiedKind>: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let text: String

    /// Takes over a stored id as it is; it was checked when it was made.
    package init(stored text: String) {
        self.text = text
    }

    /// Makes an id of this kind from a unique, ordered suffix.
    package init(suffix: String) {
        text = Kind.prefix + suffix
    }

    package var description: String { text }

    /// Whether a word that a person typed looks like an id of this kind (and not like a name, key or ref).
    package static func looksLikeOne(_ word: String) -> Bool {
        word.hasPrefix(Kind.prefix) && word.utf8.count == Kind.prefix.utf8.count + 26
    }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// The kinds of things that have ids.
package protocol IdentifiedKind: Sendable {
    static var prefix: String { get }
}

package enum WorkspaceKind: IdentifiedKind { package static var prefix: String { "ws_" } }
package enum ProjectKind: IdentifiedKind { package static var prefix: String { "prj_" } }
package enum TaskKind: IdentifiedKind { package static var prefix: String { "task_" } }
package enum AttemptKind: IdentifiedKind { package static var prefix: String { "att_" } }
package enum LeaseKind: IdentifiedKind { package static var prefix: String { "lease_" } }
package enum AgentKind: IdentifiedKind { package static var prefix: String { "agent_" } }
package enum TokenKind: IdentifiedKind { package static var prefix: String { "tok_" } }
/// Ends in a UUID instead, which published agent skills expect.
package enum TerminalKind: IdentifiedKind { package static var prefix: String { "term_" } }
// The following end in 12 hexadecimal digits, for the same reason.
package enum MessageKind: IdentifiedKind { package static var prefix: String { "msg_" } }
package enum GateKind: IdentifiedKind { package static var prefix: String { "gate_" } }
package enum RunKind: IdentifiedKind { package static var prefix: String { "run_" } }
/// A plain UUID.
package enum RepoKind: IdentifiedKind { package static var prefix: String { "" } }
/// `<repo>::<path>`.
package enum WorktreeKind: IdentifiedKind { package static var prefix: String { "" } }

package typealias WorkspaceID = Identifier<WorkspaceKind>
package typealias ProjectID = Identifier<ProjectKind>
package typealias TaskID = Identifier<TaskKind>
package typealias AttemptID = Identifier<AttemptKind>
package typealias LeaseID = Identifier<LeaseKind>
package typealias AgentID = Identifier<AgentKind>
package typealias TokenID = Identifier<TokenKind>
package typealias TerminalID = Identifier<TerminalKind>
package typealias MessageID = Identifier<MessageKind>
package typealias GateID = Identifier<GateKind>
package typealias RunID = Identifier<RunKind>
package typealias RepoID = Identifier<RepoKind>
package typealias WorktreeID = Identifier<WorktreeKind>
