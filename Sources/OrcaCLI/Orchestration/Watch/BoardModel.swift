package import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// What `orca orchestration watch` shows: read anew after every burst of events, so that it is never wrong for long.
package struct BoardModel {
    package var runs: [OrcaV1.Run] = []
    package var workers: [OrcaV1.Dispatch] = []
    package var terminals: [String: OrcaV1.Terminal] = [:]
    package var gates: [OrcaV1.Gate] = []
    package var questions: [OrcaV1.OpenQuestion] = []
    /// The newest first.
    package var mail: [OrcaV1.Message] = []
    /// The run that alone is shown, if one was named.
    package var run: OrcaV1.Run?

    package init() {}

    /// Rows asked for of each kind: more than any screen has.
    private static let rowsMax: Int32 = 100
    private static let endedRunsMax = 5

    /// - Parameter run: only this one and what belongs to it; empty for all.
    mutating func refresh(_ client: any OrcaClient, workspace: String, run: String) throws(APIError) {
        try refreshRuns(client, workspace, run)
        var dispatches = OrcaV1.ListDispatchesRequest()
        dispatches.workspace = workspace
        dispatches.run = run
        workers = try client.call(Operations.listDispatches, dispatches).dispatches
        var gates = OrcaV1.ListGatesRequest()
        gates.workspace = workspace
        gates.status = .pending
        gates.run = run
        gates.limit = Self.rowsMax
        self.gates = try client.call(Operations.listGates, gates).gates
        var messages = OrcaV1.ListMessagesRequest()
        messages.workspace = workspace
        messages.limit = Self.rowsMax
        mail = try client.call(Operations.listMessages, messages).messages.filter { concerns($0.from, $0.to) }
        questions = try QuestionRow.list(client, workspace: workspace).filter {
            concerns($0.message?.from ?? "", $0.message?.to ?? "")
        }
        try refreshTerminals(client, workspace)
    }

    private mutating func refreshRuns(
        _ client: any OrcaClient, _ workspace: String, _ named: String
    ) throws(APIError) {
        if !named.isEmpty {
            var request = OrcaV1.GetRunRequest()
            request.workspace = workspace
            request.run = named
            run = try client.call(Operations.getRun, request).run
            runs = run.map { [$0] } ?? []
            return
        }
        var request = OrcaV1.ListRunsRequest()
        request.workspace = workspace
        request.limit = Self.rowsMax
        let all = try client.call(Operations.listRuns, request).runs
        runs = all.filter { $0.status == .running } + all.filter { $0.status != .running }.prefix(Self.endedRunsMax)
    }

    /// How the workers' terminals are; a server without terminals has none.
    private mutating func refreshTerminals(_ client: any OrcaClient, _ workspace: String) throws(APIError) {
        terminals = [:]
        guard !workers.isEmpty else { return }
        var request = OrcaV1.ListTerminalsRequest()
        request.workspace = workspace
        do throws(APIError) {
            let all = try client.call(Operations.listTerminals, request).terminals
            terminals = Dictionary(all.map { ($0.handle, $0) }) { first, _ in first }
        } catch {
            guard error.category != .unavailable else { return }
            throw error
        }
    }

    /// Whether mail between these two belongs to what is shown.
    func concerns(_ from: String, _ to: String) -> Bool {
        guard let run else { return true }
        var parties: Set<String> = [run.id]
        if !run.coordinator.isEmpty { parties.insert(run.coordinator) }
        for worker in workers { parties.insert(worker.terminal) }
        return parties.contains(from) || parties.contains(to)
    }

    /// Everything as one object, for programs.
    var json: JSONValue {
        [
            "runs": .array(runs.map { RunRow.json($0) }), "workers": .array(workers.map { DispatchRow.json($0) }),
            "gates": .array(gates.map { GateRow.json($0) }),
            "questions": .array(questions.map { QuestionRow.json($0) }),
            "unread": .whole(mail.count { $0.readAt == nil }),
        ]
    }

    /// The same in lines.
    var lines: [String] {
        var lines = runs.map { RunRow.line($0) } + workers.map { DispatchRow.line($0) }
        lines += gates.map { GateRow.line($0) } + questions.map { QuestionRow.line($0) }
        return lines.isEmpty ? ["No runs, no workers, no open gates."] : lines
    }
}
