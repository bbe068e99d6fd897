import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf

extension OrcaV1.Message {
    init(_ message: Message) {
        self.init()
        id = message.id.text
        workspace = message.workspace.text
        sequence = message.sequence
        from = message.from
        to = message.to
        type = Words.api(message.type)
        priority = Words.api(message.priority)
        subject = message.subject
        body = message.body
        payload = message.payload
        thread = message.thread
        delivery = Words.api(message.delivery)
        createdAt = ProtoTimestamp(message.createdAt)
        injectedAt = message.injectedAt.map { ProtoTimestamp($0) }
        submittedAt = message.submittedAt.map { ProtoTimestamp($0) }
        readAt = message.readAt.map { ProtoTimestamp($0) }
        acknowledgedAt = message.acknowledgedAt.map { ProtoTimestamp($0) }
    }
}

extension OrcaV1.Lifecycle {
    init(_ verdict: LifecycleVerdict) {
        self.init()
        switch verdict {
        case .accepted(let task, let attempt):
            accepted = true
            self.task = task.text
            self.attempt = attempt.text
        case .refused(let code, let reason):
            self.code = code
            self.reason = reason
        }
    }
}
