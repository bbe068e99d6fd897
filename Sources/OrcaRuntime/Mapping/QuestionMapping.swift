import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaSupport

extension OrcaV1.OpenQuestion {
    /// Of the message that a question is.
    init(_ message: Message, in store: any StoreReader) throws {
        self.init()
        self.message = OrcaV1.Message(message)
        question = message.body
        // The payload is ours; one that cannot be read has nothing to choose from.
        guard let payload = try? JSONValue(jsonBytes: Array(message.payload.utf8)) else { return }
        options = (payload["options"]?.arrayValue ?? []).compactMap(\.stringValue)
        if let task = payload["taskId"]?.stringValue {
            taskRef = try store.tasks.find(TaskID(stored: task))?.ref ?? ""
        }
    }
}
