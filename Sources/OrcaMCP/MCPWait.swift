import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// What somebody waits for: that a task of Orca's ends, or that a gate is answered. It is the whole of what the protocol calls
/// a task: everything about it stands in its id and in the store, so that it outlives the server.
struct MCPWait: Sendable, Hashable {
    enum Kind: String, Sendable, Hashable { case task, gate }

    /// How often a client that is not told should look.
    private static let lookEveryMS: Int64 = 2_000
    private static let prefix = "wait-"
    private static let textMax = 1_024

    let kind: Kind
    let workspace: String
    /// Of the task or gate, as the client named it.
    let word: String
    let createdMS: Int64
    let nonce: String

    init(_ kind: Kind, _ word: String, in workspace: String, at time: Int64) {
        (self.kind, self.word, self.workspace, createdMS, nonce) = (kind, word, workspace, time, MCPKeeping.nonce())
    }

    /// From `taskId`.
    init?(id: String) {
        guard id.hasPrefix(Self.prefix), id.utf8.count <= Self.textMax,
            let bytes = Base64.decode(String(id.dropFirst(Self.prefix.count))),
            // What a client made up is none of ours.
            let told = try? JSONValue(jsonBytes: bytes),
            let kind = told["k"]?.stringValue.flatMap({ Kind(rawValue: $0) }),
            let word = told["i"]?.stringValue, let workspace = told["w"]?.stringValue,
            let time = told["t"]?.integerValue, let nonce = told["n"]?.stringValue
        else { return nil }
        (self.kind, self.word, self.workspace, createdMS, self.nonce) = (kind, word, workspace, time, nonce)
    }

    var id: String {
        let told: JSONValue = [
            "k": .string(kind.rawValue), "i": .string(word), "w": .string(workspace), "t": .integer(createdMS),
            "n": .string(nonce),
        ]
        return Self.prefix + MCPKeeping.text(told.jsonBytes())
    }

    /// What tells how it stands.
    var look: (operation: APIOperation, message: any ProtoMessage) {
        switch kind {
        case .task:
            (
                Operations.getTask.erased,
                OrcaV1.GetTaskRequest.with { ($0.workspace, $0.task) = (workspace, word) }
            )
        case .gate:
            (
                Operations.getGate.erased,
                OrcaV1.GetGateRequest.with { ($0.workspace, $0.gate) = (workspace, word) }
            )
        }
    }

    /// As the protocol tells about a task.
    func told(_ state: MCPWaitState, isCanceled: Bool) -> JSONValue {
        let status = isCanceled ? "cancelled" : state.status.rawValue
        return [
            "taskId": .string(id), "status": .string(status), "statusMessage": .string(state.note),
            "createdAt": Self.time(createdMS), "lastUpdatedAt": Self.time(max(createdMS, state.changedMS)),
            "ttlMs": nil, "pollIntervalMs": .integer(Self.lookEveryMS),
        ]
    }

    private static func time(_ milliseconds: Int64) -> JSONValue {
        // A time of ours can be written.
        (try? JSONValue(jsonBytes: ProtoTimestamp(milliseconds: milliseconds).jsonBytes())) ?? .null
    }
}

/// How it stands with what somebody waits for.
struct MCPWaitState: Sendable, Hashable {
    enum Status: String, Sendable, Hashable {
        case working, completed
        case inputRequired = "input_required"
    }

    let status: Status
    let note: String
    let changedMS: Int64
    /// Id of the task whose events tell of changes.
    let entity: String
    /// Of a gate that waits.
    let question: OrcaV1.ScriptQuestion?
    /// What the tool answers once it is over.
    let outcome: JSONValue

    /// - Parameter asks: whether the client can put the question of a gate to its user.
    init?(_ message: any ProtoMessage, asks: Bool) {
        switch message {
        case let response as OrcaV1.GetTaskResponse:
            guard let task = response.task else { return nil }
            self.init(task)
        case let response as OrcaV1.GetGateResponse:
            guard let gate = response.gate else { return nil }
            self.init(gate, asks: asks)
        default: return nil
        }
    }

    private init(_ task: OrcaV1.Task) {
        let isOver = [.completed, .failed, .canceled].contains(task.status)
        status = isOver ? .completed : .working
        note = "\(task.ref) is \(task.status.text)"
        changedMS = task.updatedAt?.milliseconds ?? 0
        entity = task.id
        question = nil
        outcome = [
            "ok": true, "task": .string(task.ref), "status": .string(task.status.text), "result": .string(task.result),
        ]
    }

    private init(_ gate: OrcaV1.Gate, asks: Bool) {
        let isOpen = gate.status == .pending
        status = !isOpen ? .completed : asks ? .inputRequired : .working
        note = isOpen ? "The gate of \(gate.taskRef) waits for an answer" : "The gate is \(gate.status.text)"
        changedMS = gate.resolvedAt?.milliseconds ?? gate.createdAt?.milliseconds ?? 0
        entity = gate.task
        question = isOpen ? .with { ($0.question, $0.options) = (gate.question, gate.options) } : nil
        outcome = [
            "ok": true, "gate": .string(gate.id), "status": .string(gate.status.text),
            "answer": .string(gate.resolution),
        ]
    }
}

extension ProtoEnum {
    /// As JSON has it; empty for a value of a newer version.
    fileprivate var text: String { Self.protoCases.first { $0.value == self }?.name ?? "" }
}
