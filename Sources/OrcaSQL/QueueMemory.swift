import OrcaDomain

/// What a transaction knows of the claim queue: who is next, as long as tasks only leave it.
struct QueueMemory {
    struct Key: Hashable {
        var project: String
        var requirement: Int64
    }

    /// A place in the queue of a project and a requirement. Nothing stands before it.
    struct Place {
        var priority: Int64
        var id: String
    }

    /// The next tasks, read in one go.
    struct Window {
        fileprivate(set) var tasks: [WorkTask]
        /// Index of the first that is still there.
        fileprivate var first = 0
        /// Whether the queue ends with them.
        var isWhole: Bool
        /// How many were asked for.
        var size: Int

        init(tasks: [WorkTask], isWhole: Bool, size: Int) {
            self.tasks = tasks
            self.isWhole = isWhole
            self.size = size
        }

        var rest: ArraySlice<WorkTask> { tasks[first...] }

        /// Where to go on reading; `nil` for an empty queue.
        var place: Place? {
            (rest.first ?? tasks.last).map { Place(priority: Int64($0.priority), id: $0.id.text) }
        }

        fileprivate mutating func remove(_ id: TaskID) {
            guard let index = rest.firstIndex(where: { $0.id == id }) else { return }
            if index == first {
                // The array stays as it is: it is shared with the state before this command.
                first += 1
            } else {
                tasks.remove(at: index)
            }
        }
    }

    static let windowMax = 64

    private var windows: [Key: Window] = [:]
    private var requirements: [String: [Int64]] = [:]
    private var projects: [String: [ProjectID]] = [:]

    /// A task came into the queue, or to another place in it.
    mutating func grew() { self = QueueMemory() }

    /// A task is not in it any more.
    mutating func left(_ task: WorkTask) {
        for key in windows.keys where key.project == task.project.text { windows[key]?.remove(task.id) }
    }

    func window(_ key: Key) -> Window? { windows[key] }
    mutating func setWindow(_ key: Key, _ window: Window) { windows[key] = window }

    /// All that have a task in the queue, and perhaps some that had one until now.
    mutating func requirements(of project: String, read: () throws -> [Int64]) rethrows -> [Int64] {
        if let known = requirements[project] { return known }
        let found = try read()
        requirements[project] = found
        return found
    }

    /// The same for projects.
    mutating func projects(of workspace: String, read: () throws -> [ProjectID]) rethrows -> [ProjectID] {
        if let known = projects[workspace] { return known }
        let found = try read()
        projects[workspace] = found
        return found
    }
}
