import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// Tasks as the contract shows them.
enum BoardTask {
    static let statuses = ["pending", "ready", "dispatched", "completed", "failed", "blocked", "canceled"]
    /// Where the name that people see is kept when it is not the title.
    static let displayName = "display_name"

    /// - Parameters:
    ///   - parents: ids of tasks by their refs.
    ///   - dispatch: the live dispatch, if there is one.
    static func json(
        _ task: OrcaV1.Task, parents: [String: String], dispatch: OrcaV1.Dispatch? = nil
    ) -> JSONValue {
        let creator = task.createdBy.hasPrefix(TerminalKind.prefix) ? task.createdBy : nil
        let row: JSONValue = [
            "id": .string(task.id), "parent_id": .text(parents[task.parent] ?? task.parent),
            "created_by_terminal_handle": .text(creator), "task_title": .string(task.title),
            "display_name": .string(task.context[displayName] ?? task.title), "spec": .string(task.spec),
            "status": .string(task.status.protoName), "deps": .listText(task.dependencies.map(\.task)),
            "result": .text(task.result.isEmpty ? task.error : task.result), "created_at": .time(task.createdAt),
            "completed_at": .time(task.completedAt), "ref": .string(task.ref),
        ]
        guard task.status == .dispatched else { return row }
        let attempt = DispatchRecord.shownID(of: AttemptID(stored: task.attempt))
        return row.adding([
            "assignee_handle": .text(dispatch?.terminal ?? task.holder), "dispatch_id": .text(attempt),
        ])
    }

    static func line(_ task: OrcaV1.Task) -> String {
        "\(task.id) [\(task.status.protoName)] \(task.title)"
    }

    /// Errors about a task in the words scripts know.
    static func restate(_ error: APIError, _ task: String) -> APIError {
        guard error.code == ErrorCode.taskNotFound.rawValue else { return error }
        var known = error
        known.message = "Task not found: \(task)"
        return known
    }

    static func status(_ word: String) throws(APIError) -> OrcaV1.Task.Status {
        guard statuses.contains(word), let status = OrcaV1.Task.Status(protoName: word) else {
            throw .invalid("invalid status '\(word)', expected one of: \(statuses.joined(separator: ", "))")
        }
        return status
    }

    /// The words of a JSON list of texts; `nil` when it is something else.
    static func texts(_ json: String) -> [String]? {
        // What does not parse is no list of texts either.
        guard let values = (try? JSONValue(jsonBytes: Array(json.utf8)))?.arrayValue else { return nil }
        let texts = values.compactMap(\.stringValue)
        return texts.count == values.count ? texts : nil
    }
}
