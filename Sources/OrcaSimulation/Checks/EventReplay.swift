import OrcaDomain
import OrcaStore
import OrcaSupport

/// Rebuilds where all tasks stand from the change log alone.
struct EventReplay {
    private struct Image: Equatable {
        var status: String
        var version: Int64
        var token: Int64
        var failures: Int64
        var holder: String?

        /// A task's version also grows when a dependency of several was met, which is no news of its own.
        func isSameStanding(as other: Image) -> Bool {
            status == other.status && token == other.token && failures == other.failures && holder == other.holder
        }
    }

    private var position: Int64 = 0
    private var images: [String: Image] = [:]
    private var restsUntil: [String: Int64] = [:]

    private static let pageEvents = 100_000

    mutating func follow(_ world: EngineWorld, _ workspace: WorkspaceID) throws {
        let filter = EventFilter(workspace: workspace)
        while true {
            let events = try world.session.events.page(filter, after: position, limit: Self.pageEvents)
            for event in events {
                guard event.sequence == position + 1 else {
                    throw Violation(7, "event \(event.sequence) follows event \(position)")
                }
                position = event.sequence
                try apply(event)
            }
            if events.count < Self.pageEvents { break }
        }
        let last = try world.session.events.lastSequence(in: workspace)
        if last != position { throw Violation(7, "the log ends at \(position), its counter says \(last)") }
    }

    private static let alsoAboutTasks: Set<EventType> = [
        .leaseExpired, .offerLapsed, .gateOpened, .gateResolved, .gateTimedOut,
    ]

    private mutating func apply(_ event: Event) throws {
        guard event.type.entityKind == "task" || Self.alsoAboutTasks.contains(event.type) else { return }
        if event.type == .taskDeleted {
            images[event.entityID] = nil
            return
        }
        let data = try JSONValue(jsonBytes: Array(event.data.utf8))
        let image = Image(
            status: data["status"]?.stringValue ?? "", version: data["version"]?.integerValue ?? 0,
            token: data["token"]?.integerValue ?? -1, failures: data["failures"]?.integerValue ?? -1,
            holder: data["holder"]?.stringValue)
        try checkBackoff(event, data, ref: data["ref"]?.stringValue ?? "")
        let isRepeat = image == images[event.entityID] && Self.changesTask.contains(event.type)
        if isRepeat { throw Violation(7, "event \(event.sequence) (\(event.type.rawValue)) says nothing new") }
        images[event.entityID] = image
    }

    /// Nobody is handed a task while it rests after a failure.
    private mutating func checkBackoff(_ event: Event, _ data: JSONValue, ref: String) throws {
        switch event.type {
        case .taskAttemptFailed, .leaseExpired:
            restsUntil[event.entityID] = data["backoff_until"]?.integerValue ?? 0
        case .taskClaimed, .taskOffered:
            let until = restsUntil[event.entityID] ?? 0
            if event.at.milliseconds < until {
                throw Violation(4, "\(ref) was handed out \(until - event.at.milliseconds) ms before its backoff ended")
            }
        case .taskRetried, .taskOverridden:
            restsUntil[event.entityID] = nil
        default: break
        }
    }

    /// Events that always come with a change of the task's row.
    private static let changesTask: Set<EventType> = [
        .taskClaimed, .taskOffered, .taskCompleted, .taskAdopted, .taskAttemptFailed, .taskReleased, .taskCanceled,
        .taskRetried, .taskOverridden, .leaseExpired, .offerLapsed,
    ]

    func compare(_ tasks: [WorkTask]) throws {
        for task in tasks {
            let real = Image(
                status: task.status.rawValue, version: Int64(task.version), token: task.lastToken,
                failures: Int64(task.failures), holder: task.holder)
            guard images[task.id.text]?.isSameStanding(as: real) == true else {
                let told = images[task.id.text].map { "\($0)" } ?? "nothing"
                throw Violation(7, "the log tells \(told) of \(task.ref), it is \(real)")
            }
        }
        if images.count != tasks.count {
            throw Violation(7, "the log knows \(images.count) tasks, there are \(tasks.count)")
        }
    }
}
