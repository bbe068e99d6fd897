import OrcaAPI
import OrcaSupport

/// Where the tasks of a plan and their references stand; in the order of `Plan.tasks`.
struct PlanPlaces: Sendable {
    struct Task: Sendable {
        var key: PlanDiagnostic.Place
        var parent: PlanDiagnostic.Place?
        /// In the order of `PlanTask.dependsOn`.
        var dependencies: [PlanDiagnostic.Place] = []

        init(key: PlanDiagnostic.Place) { self.key = key }
    }

    var tasks: [Task] = []
}

/// The checks on keys, references and cycles.
struct PlanGraphCheck {
    private let plan: OrcaV1.Plan
    private let places: PlanPlaces
    private var index: [String: Int] = [:]
    private var diagnostics: [PlanDiagnostic] = []

    static func run(_ plan: OrcaV1.Plan, _ places: PlanPlaces) -> [PlanDiagnostic] {
        var check = PlanGraphCheck(plan: plan, places: places)
        check.keys()
        check.references()
        // A cycle is looked for among references that lead somewhere, so one mistake is not told twice.
        check.cycles("depends_on") { task in task.dependsOn.map(\.key) }
        check.cycles("parent") { task in task.parent.isEmpty ? [] : [task.parent] }
        return check.diagnostics
    }

    private init(plan: OrcaV1.Plan, places: PlanPlaces) {
        self.plan = plan
        self.places = places
    }

    private mutating func keys() {
        for (position, task) in plan.tasks.enumerated() where !task.key.isEmpty {
            if let first = index[task.key] {
                let line = places.tasks[first].key.line
                complain(
                    places.tasks[position].key,
                    "the key '\(task.key)' is there twice, first in line \(line). Give one of the tasks another `key`.")
            } else {
                index[task.key] = position
            }
        }
    }

    private mutating func references() {
        let names = Array(index.keys.sorted())
        for (position, task) in plan.tasks.enumerated() {
            var seen: Set<String> = []
            for (number, dependency) in task.dependsOn.enumerated() {
                let place = places.tasks[position].dependencies[number]
                if index[dependency.key] == nil { complain(place, unknown(dependency.key, "depends_on", names)) }
                if !seen.insert(dependency.key).inserted {
                    complain(place, "the dependency on '\(dependency.key)' is there twice. Remove one.")
                }
            }
            if !task.parent.isEmpty, index[task.parent] == nil, let place = places.tasks[position].parent {
                complain(place, unknown(task.parent, "parent", names))
            }
        }
    }

    private func unknown(_ key: String, _ field: String, _ names: [String]) -> String {
        let hint =
            Suggestion.nearest(to: key, in: names).map { "Did you mean '\($0)'?" }
            ?? "Add the task, or remove the reference."
        return "no task of this plan has the key '\(key)' (in `\(field)`). \(hint)"
    }

    /// Reports every cycle once, at the reference that closes it, with its whole path.
    private mutating func cycles(_ field: String, _ next: (OrcaV1.PlanTask) -> [String]) {
        enum Mark { case new, open, done }
        let edges = plan.tasks.map { next($0).compactMap { index[$0] } }
        var marks = [Mark](repeating: .new, count: edges.count)
        for start in edges.indices where marks[start] == .new {
            var path = [start]
            var cursors = [0]
            marks[start] = .open
            while let current = path.last {
                let cursor = cursors[cursors.count - 1]
                guard cursor < edges[current].count else {
                    marks[current] = .done
                    path.removeLast()
                    cursors.removeLast()
                    continue
                }
                cursors[cursors.count - 1] += 1
                let target = edges[current][cursor]
                switch marks[target] {
                case .done: break
                case .new:
                    marks[target] = .open
                    path.append(target)
                    cursors.append(0)
                case .open:
                    guard let begin = path.firstIndex(of: target) else { break }
                    report(field, Array(path[begin...]) + [target])
                }
            }
        }
    }

    private mutating func report(_ field: String, _ cycle: [Int]) {
        let path = cycle.map { plan.tasks[$0].key }.joined(separator: " → ")
        let closing = cycle[cycle.count - 2]
        let task = plan.tasks[closing]
        var place = places.tasks[closing].parent ?? places.tasks[closing].key
        if field == "depends_on", let number = task.dependsOn.firstIndex(where: { $0.key == plan.tasks[cycle[0]].key })
        {
            place = places.tasks[closing].dependencies[number]
        }
        complain(place, "`\(field)` goes round in a circle: \(path). Remove one of these.")
    }

    private mutating func complain(_ place: PlanDiagnostic.Place, _ message: String) {
        diagnostics.append(PlanDiagnostic(place, message))
    }
}
