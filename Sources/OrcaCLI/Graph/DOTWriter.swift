import OrcaAPI
import OrcaProtobuf

/// A task graph in the DOT language.
enum DOTWriter {
    static func text(_ graph: OrcaV1.GetTaskGraphResponse, name: String) -> String {
        var out = "digraph \(quoted(name)) {\n  rankdir=LR;\n"
        out += "  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\", fontsize=11];\n"
        for task in graph.tasks {
            let label = quoted(
                "\(task.ref)  \(task.status.protoName)\n\(TextWidth.fit(TextWidth.inert(task.title), 48))")
            out += "  \(quoted(task.id)) [label=\(label), fillcolor=\"\(color(task.status))\"];\n"
        }
        for edge in graph.edges {
            let style =
                edge.policy == .ignore ? " [style=dashed]" : edge.policy == .cancel ? " [color=\"#c0392b\"]" : ""
            out += "  \(quoted(edge.from)) -> \(quoted(edge.to))\(style);\n"
        }
        return out + "}\n"
    }

    private static func color(_ status: OrcaV1.Task.Status) -> String {
        switch status {
        case .completed: "#c8e6c9"
        case .dispatched: "#b3e5fc"
        case .ready: "#fff9c4"
        case .failed: "#ffcdd2"
        case .blocked: "#ffe0b2"
        case .pending: "#eeeeee"
        case .canceled: "#e0e0e0"
        case .unspecified, .unrecognized: "#ffffff"
        }
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }
}
