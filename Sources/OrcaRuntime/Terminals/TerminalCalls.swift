import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore
import OrcaTerminal

/// The operations on terminals, for one call.
struct TerminalCalls {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    var runtime: Runtime { invocation.runtime }

    func service() throws -> TerminalService {
        guard let service = runtime.terminals else {
            throw DomainError(.terminalsUnavailable, "This server has no terminals.")
        }
        return service
    }

    /// Once the terminals have been taken over; with errors in the words of the API.
    @discardableResult
    func told<R: Sendable>(_ body: (TerminalService) async throws -> R) async throws -> R {
        let service = try service()
        try await service.ready()
        do {
            return try await body(service)
        } catch {
            throw TerminalService.told(error)
        }
    }

    func workspace(_ name: String) async throws -> WorkspaceID {
        try await runtime.store.read { [actor = invocation.actor] in try Lookup($0).workspace(name, for: actor).id }
    }

    /// The row of a terminal of this server; one that was forgotten, or never was, is a stale handle.
    func row(_ workspaceName: String, _ handle: String) async throws -> Terminal {
        try await row(workspaceName, handle, mustBeHere: true)
    }

    private func row(_ workspaceName: String, _ handle: String, mustBeHere: Bool) async throws -> Terminal {
        let now = runtime.clock.now
        return try await runtime.store.read { [actor = invocation.actor, node = runtime.node] store in
            let workspace = try Lookup(store).workspace(workspaceName, for: actor).id
            guard let found = try store.terminals.find(TerminalID(stored: handle)), found.workspace == workspace else {
                throw DomainError(
                    .terminalStale,
                    "There is no terminal '\(handle.prefix(80))' any more. 'orca terminal list' shows those there are.",
                    details: ["terminal": String(handle.prefix(80))])
            }
            if mustBeHere { try found.checkIsOn(node, store, at: now) }
            return found
        }
    }

    func message(_ row: Terminal) async throws -> OrcaV1.Terminal {
        guard row.isOn(runtime.node) else { return try await distant(row) }
        return try await told { service in
            // Without a host's view the row has what was last known.
            let status = try? await service.host.status(row.id.text)
            let facts = try? await service.host.facts(row.id.text)
            return OrcaV1.Terminal(row, status, facts)
        }
    }

    /// What another server wrote of its terminal.
    private func distant(_ row: Terminal) async throws -> OrcaV1.Terminal {
        let context = (node: runtime.node, now: runtime.clock.now)
        var message = OrcaV1.Terminal(row, nil, nil)
        message.server = try await runtime.store.read { try OrcaV1.ServerPlace(row.node, in: $0, context) }
        return message
    }

    // MARK: Opening

    func create(_ request: OrcaV1.CreateTerminalRequest) async throws -> OrcaV1.CreateTerminalResponse {
        var order = TerminalService.Order(
            workspace: try await workspace(request.workspace), directory: request.directory, createdBy: creator)
        order.worktree = request.worktree
        order.title = request.title
        order.command = try Self.command(request.command, request.arguments)
        order.environment = request.environment
        if request.columns != 0 { order.size.columns = Int(request.columns) }
        if request.rows != 0 { order.size.rows = Int(request.rows) }
        order.agentKind = request.agentKind
        order.isOurs = try await isOurs(order)
        let message = try await open(order, for: request)
        if request.focus { try await told { try await $0.host.focus(message.handle) } }
        return .with { $0.terminal = message }
    }

    func split(_ request: OrcaV1.SplitTerminalRequest) async throws -> OrcaV1.SplitTerminalResponse {
        let beside = try await row(request.workspace, request.terminal)
        var order = TerminalService.Order(
            workspace: beside.workspace, directory: beside.directory, createdBy: creator)
        order.worktree = beside.worktree
        order.command = try Self.command(request.command, [])
        let direction: TerminalSplit.Direction = request.direction == .vertical ? .vertical : .horizontal
        order.split = TerminalSplit(of: beside.id.text, direction)
        let message = try await open(order, for: request)
        return .with { $0.terminal = message }
    }

    /// Whether the terminal is for a worktree that Orca made: one that it made has a branch of its own.
    private func isOurs(_ order: TerminalService.Order) async throws -> Bool {
        guard !order.worktree.isEmpty else { return false }
        let row = try await runtime.store.read { try $0.worktrees.find(WorktreeID(stored: order.worktree)) }
        guard let row, row.workspace == order.workspace, row.state == .ready, !row.branch.isEmpty else { return false }
        return row.path == order.directory
    }

    private var creator: String { invocation.actor.terminal?.text ?? invocation.actor.name }

    private static func command(_ line: String, _ arguments: [String]) throws -> TerminalCommand {
        guard line.isEmpty || arguments.isEmpty else {
            throw DomainError(.invalidArgument, "Give a command line or arguments, not both.")
        }
        if !arguments.isEmpty { return .arguments(arguments) }
        return line.isEmpty ? .shell : .line(line)
    }

    /// The row first, so that a repeated request opens nothing twice; then the pane.
    private func open(_ order: TerminalService.Order, for request: some ProtoMessage) async throws -> OrcaV1.Terminal {
        let service = try service()
        try await service.ready()
        let reply = try await invocation.write(request) { tx, context in
            let row = try service.note(order, in: tx, context)
            return .answer(OrcaV1.Terminal.with { $0.handle = row.id.text })
        }
        guard case .answer(let noted) = reply else {
            guard case .refuse(let error) = reply else { return .init() }
            throw error
        }
        let id = TerminalID(stored: noted.handle)
        let row = try await runtime.store.read { try $0.terminals.find(id) }
        guard let row, row.isLive else {
            throw DomainError(.terminalExited, "The terminal that this request opened has ended already.")
        }
        try await service.open(row, order)
        return try await message(try await runtime.store.read { try $0.terminals.find(id) } ?? row)
    }

    // MARK: Looking

    func get(_ request: OrcaV1.GetTerminalRequest) async throws -> OrcaV1.GetTerminalResponse {
        let message = try await message(try await row(request.workspace, request.terminal, mustBeHere: false))
        return .with { $0.terminal = message }
    }

    /// Those of this server, and the live ones of others. A directory is one of this machine.
    func list(_ request: OrcaV1.ListTerminalsRequest) async throws -> OrcaV1.ListTerminalsResponse {
        let workspace = try await workspace(request.workspace)
        let limit = request.limit == 0 ? Limits.terminalsListedDefault : Int(request.limit)
        guard limit > 0 else { throw DomainError(.invalidArgument, "limit must be greater than zero.") }
        let statuses = try await told { await $0.host.list() }
        let isOfHere = !request.directory.isEmpty
        let rows = try await runtime.store.read { [node = runtime.node] store in
            let own = try statuses.compactMap { try store.terminals.find(TerminalID(stored: $0.handle)) }
            guard !node.isEmpty, !isOfHere else { return own }
            let all = try store.terminals.live(in: workspace, limit: Limits.liveTerminalsMax)
            return own + all.filter { !$0.isOn(node) }
        }
        let wanted = rows.filter { row in
            row.workspace == workspace && (request.worktree.isEmpty || row.worktree == request.worktree)
                && (request.directory.isEmpty || Self.isBelow(row.directory, request.directory))
        }
        var shown: [OrcaV1.Terminal] = []
        for row in wanted.prefix(limit) { shown.append(try await message(row)) }
        let terminals = shown
        return .with {
            $0.terminals = terminals
            $0.totalCount = Int32(wanted.count)
            $0.truncated = wanted.count > terminals.count
        }
    }

    static func isBelow(_ path: String, _ directory: String) -> Bool {
        path == directory || path.hasPrefix(directory.hasSuffix("/") ? directory : directory + "/")
    }

    func read(_ request: OrcaV1.ReadTerminalRequest) async throws -> OrcaV1.ReadTerminalResponse {
        let handle = try await row(request.workspace, request.terminal).id.text
        guard request.limit >= 0, (request.cursor ?? 0) >= 0 else {
            throw DomainError(.invalidArgument, "cursor and limit cannot be negative.")
        }
        return try await told { service in
            let status = try await service.host.status(handle)
            let range: TerminalReadRange =
                if let cursor = request.cursor {
                    .from(cursor: cursor, lines: request.limit == 0 ? TerminalLimits.linesMax : Int(request.limit))
                } else {
                    .tail(lines: request.limit == 0 ? TerminalLimits.tailLines : Int(request.limit))
                }
            let output = try await service.host.read(handle, range)
            var response = OrcaV1.ReadTerminalResponse()
            response.status = status.shownStatus
            response.lines = output.lines
            response.limited = output.isLimited
            response.truncated = output.isTruncated
            response.oldestCursor = output.oldestCursor
            response.nextCursor = output.nextCursor
            response.latestCursor = output.latestCursor
            // A program that paints the whole screen may leave no lines to speak of.
            let isBlank = output.lines.allSatisfy { line in line.allSatisfy(\.isWhitespace) }
            if request.screen || (request.cursor == nil && isBlank) {
                try await show(handle, service, in: &response, mustBeThere: request.screen)
            }
            return response
        }
    }

    private func show(
        _ handle: String, _ service: TerminalService, in response: inout OrcaV1.ReadTerminalResponse, mustBeThere: Bool
    ) async throws {
        let screen: TerminalScreen
        do {
            screen = try await service.host.screen(handle)
        } catch {
            if mustBeThere { throw error }
            return
        }
        var rows = screen.rows
        while rows.last?.isEmpty == true { rows.removeLast() }
        response.lines = rows
        response.fromScreen = true
        response.cursorColumn = Int32(screen.cursorColumn)
        response.cursorRow = Int32(screen.cursorRow)
    }
}
