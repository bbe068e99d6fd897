package import OrcaDomain
package import OrcaStore

/// Finds the mailboxes behind addresses.
package struct AddressBook {
    package enum State: String, Sendable, Hashable {
        case live
        /// It was there once; mail to it is kept, and flagged.
        case gone
    }

    package struct Mailbox: Sendable, Hashable {
        package var address: String
        package var state: State
    }

    private let store: any StoreReader
    private let workspace: WorkspaceID

    package init(_ store: any StoreReader, in workspace: WorkspaceID) {
        self.store = store
        self.workspace = workspace
    }

    /// One mailbox. Throws `recipient_not_found` for what never existed, and `invalid_argument` for a group.
    package func mailbox(_ word: String, seenFrom sender: String = "") throws -> Mailbox {
        try Names.checkLength(word, max: Limits.addressBytesMax, field: "to")
        switch MailAddress(word) {
        case .terminal(let id):
            guard let terminal = try store.terminals.find(id), terminal.workspace == workspace else { break }
            return Mailbox(address: id.text, state: terminal.isLive ? .live : .gone)
        case .agent(let name):
            guard try store.agents.find(name: name, in: workspace) != nil else { break }
            return Mailbox(address: word, state: .live)
        case .run(let id):
            guard let run = try store.runs.find(id), run.workspace == workspace else { break }
            if run.coordinator.isEmpty {
                return Mailbox(address: id.text, state: run.status == .running ? .live : .gone)
            }
            return try mailbox(run.coordinator)
        case .coordinator:
            return try coordinator(of: sender)
        case .group:
            throw DomainError(
                .invalidArgument, "\(word.prefix(80)) is a group; name one recipient here.", details: ["field": "to"])
        case .unknown: break
        }
        throw DomainError(
            .recipientNotFound,
            "There is no '\(word.prefix(80))' to send to or speak for. Name a terminal (term_…, see 'orca terminal "
                + "list'), a run (run_…) or agent:NAME.",
            details: ["address": word])
    }

    /// Whoever handed out what the sender works on; the workspace's own mailbox when that was a person.
    private func coordinator(of sender: String) throws -> Mailbox {
        let own = Mailbox(address: MailAddress.coordinatorWord, state: .live)
        guard case .terminal(let id) = MailAddress(sender), let record = try store.dispatches.live(in: id) else {
            return own
        }
        if !record.coordinator.isEmpty, record.coordinator != MailAddress.coordinatorWord {
            return try mailbox(record.coordinator)
        }
        guard let run = record.run else { return own }
        return try mailbox(run.text)
    }

    /// The live members of a group, without the sender; with a run, only those that work for it now.
    package func members(of group: MailGroup, without sender: String, in run: RunID? = nil) throws -> [Mailbox] {
        var found = try store.terminals.live(in: workspace, limit: Limits.liveTerminalsMax)
            .filter { $0.id.text != sender && group.includes($0) }
        if let run {
            let workers = try store.dispatches.live(limit: Limits.liveTerminalsMax).filter { $0.run == run }
            let terminals = Set(workers.map(\.terminal))
            found = found.filter { terminals.contains($0.id) }
        }
        guard !found.isEmpty else {
            throw DomainError(
                .noRecipients, "No recipients resolved for group address: \(group.text)",
                details: ["address": group.text])
        }
        return found.map { Mailbox(address: $0.id.text, state: .live) }
    }
}
