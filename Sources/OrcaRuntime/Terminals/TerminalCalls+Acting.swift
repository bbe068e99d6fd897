import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore
import OrcaTerminal

extension TerminalCalls {
    private static let verifyMaxMS: Int64 = 60_000

    func send(_ request: OrcaV1.SendTerminalRequest) async throws -> OrcaV1.SendTerminalResponse {
        let handle = try await row(request.workspace, request.terminal).id.text
        if request.interrupt { return try await press(.interrupt, handle, request) }
        if !request.key.isEmpty {
            guard let key = TerminalKey(rawValue: request.key) else {
                throw DomainError(
                    .invalidArgument,
                    "There is no key '\(request.key.prefix(40))'. Keys: "
                        + TerminalKey.allCases.map(\.rawValue).joined(separator: ", ") + ".")
            }
            return try await press(key, handle, request)
        }
        if request.text.isEmpty {
            guard request.enter else { throw DomainError(.invalidArgument, "Missing terminal send payload") }
            return try await press(.enter, handle, request)
        }
        let options = InjectionOptions(
            guards: request.force ? [] : .explicit, submits: request.enter,
            verifyMS: min(Int64(request.verifyMs), Self.verifyMaxMS))
        let receipt = try await told { service in
            try await once(request, service) { try await service.host.inject(handle, request.text, options) }
        }
        return .with {
            $0.bytesWritten = Int64(receipt.bytesWritten)
            switch receipt.stage {
            case .refused(let reason):
                $0.stage = .refused
                $0.refusedReason = reason.rawValue
                $0.explanation = reason.explanation
            case .written: $0.stage = .written
            case .submitted: $0.stage = .submitted
            case .unconfirmed: $0.stage = .unconfirmed
            }
            $0.accepted = receipt.refusal == nil
        }
    }

    /// What was typed for an idempotency key is not typed again: a repeated request gets the first one's receipt.
    private func once(
        _ request: OrcaV1.SendTerminalRequest, _ service: TerminalService,
        _ body: @escaping @Sendable () async throws -> InjectionReceipt
    ) async throws -> InjectionReceipt {
        guard invocation.call.idempotencyKey?.isEmpty == false else { return try await body() }
        let ticket = service.sends.ticket(runtime.chance.uuid())
        let reply = try await invocation.write(request) { _, _ in
            .answer(OrcaV1.SendTerminalResponse.with { $0.explanation = ticket })
        }
        guard case .answer(let noted) = reply else {
            guard case .refuse(let error) = reply else { return InjectionReceipt(.unconfirmed) }
            throw error
        }
        return try await service.sends.once(noted.explanation, body)
    }

    private func press(
        _ key: TerminalKey, _ handle: String, _ request: OrcaV1.SendTerminalRequest
    ) async throws -> OrcaV1.SendTerminalResponse {
        try await told { service in
            _ = try await once(request, service) {
                try await service.host.press(handle, key)
                return InjectionReceipt(.written, bytesWritten: 1)
            }
        }
        return .with {
            $0.accepted = true
            $0.bytesWritten = 1
            $0.stage = .written
        }
    }

    func wait(_ request: OrcaV1.WaitTerminalRequest) async throws -> OrcaV1.WaitTerminalResponse {
        let handle = try await row(request.workspace, request.terminal).id.text
        let condition: TerminalService.Condition =
            switch request.condition {
            case .exit: .exit
            case .tuiIdle: .idle
            default:
                throw DomainError(.invalidArgument, "Invalid --for value. Supported: exit, tui-idle")
            }
        let outcome = try await service().wait(
            handle, for: condition, atMost: min(Int64(max(0, request.waitMs)), Limits.waitMaxMS))
        if !outcome.isSatisfied, condition == .idle, outcome.status.state == .exited {
            throw DomainError(
                .terminalExited, "The program in terminal \(handle) has ended.", details: ["terminal": handle])
        }
        return .with {
            $0.satisfied = outcome.isSatisfied
            $0.timedOut = outcome.isTimedOut
            $0.status = outcome.status.shownStatus
            $0.exitCode = outcome.status.exit?.code
            $0.blockedReason = outcome.blockedReason
        }
    }

    func stop(_ request: OrcaV1.StopTerminalsRequest) async throws -> OrcaV1.StopTerminalsResponse {
        let given = [request.terminal, request.worktree, request.directory].filter { !$0.isEmpty }
        guard given.count == 1 else {
            throw DomainError(.invalidArgument, "Name one terminal, one worktree or one directory to stop.")
        }
        let handles: [String]
        if !request.terminal.isEmpty {
            handles = [try await row(request.workspace, request.terminal).id.text]
        } else {
            let workspace = try await workspace(request.workspace)
            handles = try await runtime.store.read { store in
                try store.terminals.live(in: workspace, limit: Limits.liveTerminalsMax).filter { row in
                    request.worktree.isEmpty
                        ? Self.isBelow(row.directory, request.directory) : row.worktree == request.worktree
                }.map(\.id.text)
            }
        }
        let stopped = try await told { service in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for handle in handles { group.addTask { try await service.host.stop(handle) } }
                var count = 0
                for try await wasRunning in group where wasRunning { count += 1 }
                return count
            }
        }
        return .with { $0.stopped = Int32(stopped) }
    }

    func close(_ request: OrcaV1.CloseTerminalRequest) async throws -> OrcaV1.CloseTerminalResponse {
        let row = try await row(request.workspace, request.terminal)
        let before = try await message(row)
        let ended = try await told { service in
            let ended = try await service.host.close(row.id.text)
            service.removeFiles(of: row.id.text)
            return ended
        }
        var seen = RecordTerminals.Observation(id: row.id, state: .exited, stateSince: runtime.clock.now)
        seen.title = before.programTitle
        try await service().record([seen])
        return .with {
            $0.tabId = before.tabId
            $0.ended = ended
        }
    }

    func rename(_ request: OrcaV1.RenameTerminalRequest) async throws -> OrcaV1.RenameTerminalResponse {
        let row = try await row(request.workspace, request.terminal)
        let title = request.title.isEmpty ? nil : request.title
        let status = try await told { service in
            try await service.host.rename(row.id.text, to: title)
            return try await service.host.status(row.id.text)
        }
        let service = try service()
        var seen = service.observation(status, nil)
        seen.name = title ?? ""
        try await service.record([seen])
        let message = try await message(try await self.row(request.workspace, request.terminal))
        return .with { $0.terminal = message }
    }

    func report(_ request: OrcaV1.ReportHookRequest) async throws -> OrcaV1.ReportHookResponse {
        let row = try await row(request.workspace, request.terminal)
        if let own = invocation.actor.terminal, own != row.id {
            throw DomainError(.permissionDenied, "This access token speaks for \(own) only.")
        }
        guard let kind = AgentHookEvent.Kind(rawValue: request.event) else {
            throw DomainError(
                .invalidArgument,
                "There is no hook event '\(request.event.prefix(40))'. Events: "
                    + AgentHookEvent.Kind.allCases.map(\.rawValue).joined(separator: ", ") + ".")
        }
        let event = AgentHookEvent(kind, detail: request.detail, agentKind: request.agentKind)
        try await told { try await $0.host.report(row.id.text, event) }
        return .init()
    }
}
