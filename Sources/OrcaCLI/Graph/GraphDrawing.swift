import OrcaAPI
import OrcaProtobuf

/// A task graph drawn with lines, a task per line, dependencies above what waits for them.
///
/// Every lane leads down to one task. A task takes over the lanes that lead to it and opens one for each of its dependents
/// that has none yet.
struct GraphDrawing {
    /// Lanes beyond which lines help nobody: then the dependencies are listed by name.
    static let lanesMax = 24

    private let tasks: [OrcaV1.Task]
    private let dependents: [[Int]]
    private let dependencies: [[Int]]
    /// Whether anything hangs together at all: without a single line there is nothing to tell apart.
    private let hasEdges: Bool
    private let width: Int?
    private let style: Style
    private var lanes: [Int?] = []
    private var lines: [String] = []

    static func lines(_ graph: OrcaV1.GetTaskGraphResponse, width: Int?, style: Style) -> [String] {
        var drawing = GraphDrawing(graph, width, style)
        let order = drawing.order()
        for task in order {
            drawing.draw(task)
            if drawing.lanes.count > lanesMax { return drawing.list(order) }
        }
        if drawing.lines.last == "" { drawing.lines.removeLast() }
        return drawing.lines
    }

    private init(_ graph: OrcaV1.GetTaskGraphResponse, _ width: Int?, _ style: Style) {
        tasks = graph.tasks
        self.width = width
        self.style = style
        var index: [String: Int] = [:]
        for (position, task) in tasks.enumerated() {
            index[task.id] = position
            index[task.ref] = position
        }
        var down = [[Int]](repeating: [], count: tasks.count)
        var up = down
        for edge in graph.edges {
            guard let from = index[edge.from], let to = index[edge.to], from != to, !down[from].contains(to) else {
                continue
            }
            down[from].append(to)
            up[to].append(from)
        }
        hasEdges = down.contains { !$0.isEmpty }
        dependents = down
        dependencies = up
    }

    /// Dependencies first; among those that are free, the one that was waited for by what was drawn last, so that chains
    /// stay together.
    private func order() -> [Int] {
        var open = dependencies.map(\.count)
        var stack = tasks.indices.filter { open[$0] == 0 }.reversed() as [Int]
        var order: [Int] = []
        while let next = stack.popLast() {
            order.append(next)
            for dependent in dependents[next].reversed() {
                open[dependent] -= 1
                if open[dependent] == 0 { stack.append(dependent) }
            }
        }
        return order
    }

    private mutating func draw(_ task: Int) {
        let arriving = lanes.indices.filter { lanes[$0] == task }
        let column = arriving.first ?? lanes.firstIndex(of: nil) ?? lanes.count
        if arriving.count > 1 {
            var canvas = GraphCanvas(lanes)
            for other in arriving.dropFirst() {
                canvas.remove(.down, at: other)
                canvas.connect(column, other, entering: .up)
            }
            lines.append(canvas.text())
            for other in arriving.dropFirst() { lanes[other] = nil }
        }
        if column == lanes.count { lanes.append(nil) }
        let mark = style.apply(TaskView.tone(tasks[task].status), Self.mark(tasks[task].status))
        var canvas = GraphCanvas(lanes)
        canvas.insert(.up, at: column)
        lines.append(label(canvas.text(mark: (column, mark)), lanes.count * 2, task))
        branch(task, column)
    }

    /// Leads lanes from a task to its dependents.
    private mutating func branch(_ task: Int, _ column: Int) {
        lanes[column] = nil
        var canvas = GraphCanvas(lanes)
        var needsLine = false
        canvas.insert(.up, at: column)
        for dependent in dependents[task] {
            if let lane = lanes.firstIndex(of: dependent) {
                canvas.connect(column, lane, entering: .down)
                needsLine = true
            } else if lanes[column] == nil {
                lanes[column] = dependent
                canvas.insert(.down, at: column)
            } else {
                let lane = lanes.firstIndex(of: nil) ?? lanes.count
                if lane == lanes.count { lanes.append(dependent) } else { lanes[lane] = dependent }
                canvas.connect(column, lane, entering: .down)
                needsLine = true
            }
        }
        if needsLine { lines.append(canvas.text()) }
        while let last = lanes.last, last == nil { lanes.removeLast() }
        // What comes next hangs together with nothing above.
        if lanes.isEmpty, hasEdges { lines.append("") }
    }

    private func label(_ prefix: String, _ columns: Int, _ task: Int) -> String {
        let item = tasks[task]
        let status =
            item.holder.isEmpty ? item.status.protoName : "\(item.status.protoName) by \(TextWidth.inert(item.holder))"
        let room = width.map { $0 - columns - item.ref.count - status.count - 5 } ?? .max
        let title = TextWidth.fit(TextWidth.inert(item.title), max(8, room))
        return "\(prefix) \(style.bold(item.ref)) \(title)  \(style.apply(TaskView.tone(item.status), status))"
    }

    private func list(_ order: [Int]) -> [String] {
        order.map { task in
            let after = dependencies[task].map { tasks[$0].ref }.joined(separator: " ")
            return label("", 0, task).dropFirst() + (after.isEmpty ? "" : style.dim("  after \(after)"))
        }
    }

    private static func mark(_ status: OrcaV1.Task.Status) -> String {
        switch status {
        case .completed: "●"
        case .dispatched: "◉"
        case .failed: "✗"
        case .canceled: "⊘"
        case .blocked: "◇"
        case .ready, .pending, .unspecified, .unrecognized: "○"
        }
    }
}
