import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// Messages as the contract shows them.
enum MessageRow {
    static func json(_ message: OrcaV1.Message) -> JSONValue {
        [
            "id": .string(message.id), "from_handle": .string(message.from), "to_handle": .string(message.to),
            "subject": .string(message.subject), "body": .string(message.body),
            "type": .string(message.type.protoName), "priority": .string(message.priority.protoName),
            "thread_id": .text(message.thread), "payload": .text(message.payload),
            "read": .integer(message.readAt == nil ? 0 : 1), "sequence": .integer(message.sequence),
            "created_at": .time(message.createdAt), "delivered_at": .time(message.submittedAt ?? message.injectedAt),
        ]
    }

    static func line(_ message: OrcaV1.Message) -> String {
        "\(message.id) [\(message.type.protoName)] from=\(message.from) \"\(message.subject)\""
    }

    /// The kind that a word names.
    static func kind(_ word: String) -> OrcaV1.Message.Kind? {
        OrcaV1.Message.Kind(protoName: word).flatMap { $0 == .unspecified ? nil : $0 }
    }

    static let kindNames = [
        "status", "dispatch", "worker_done", "merge_ready", "escalation", "handoff", "decision_gate", "heartbeat",
    ]
    static let priorityNames = ["normal", "high", "urgent"]
}

extension JSONValue {
    /// RFC 3339, or `null`.
    static func time(_ time: ProtoTimestamp?) -> JSONValue { .text(time?.text) }

    /// A JSON text inside of JSON, as the contract shows lists.
    static func listText(_ words: [String]) -> JSONValue {
        .string(String(decoding: JSONValue.array(words.map { .string($0) }).jsonBytes(), as: UTF8.self))
    }
}
