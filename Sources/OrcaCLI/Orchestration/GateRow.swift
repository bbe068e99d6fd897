import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// Gates as the contract shows them.
enum GateRow {
    static func json(_ gate: OrcaV1.Gate) -> JSONValue {
        [
            "id": .string(gate.id), "task_id": .string(gate.task), "question": .string(gate.question),
            "options": .listText(gate.options), "status": .string(gate.status.protoName),
            "resolution": .text(gate.resolution), "created_at": .time(gate.createdAt),
            "resolved_at": .time(gate.resolvedAt), "audience": .string(gate.audience.protoName),
            "default": .text(gate.defaultResolution), "timeout_at": .time(gate.timeoutAt),
        ]
    }

    static func line(_ gate: OrcaV1.Gate) -> String {
        let choice = gate.options.isEmpty ? "" : " (\(gate.options.joined(separator: ", ")))"
        let decided = gate.resolution.isEmpty ? "" : " -> \(gate.resolution)"
        return "\(gate.id) [\(gate.status.protoName)] \(gate.taskRef): \(gate.question)\(choice)\(decided)"
    }
}
