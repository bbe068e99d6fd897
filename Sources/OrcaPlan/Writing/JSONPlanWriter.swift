import OrcaSupport

/// Writes nodes as JSON with two spaces of indentation. Numbers are those of the fields that are numbers.
enum JSONPlanWriter {
    private static let numbers: Set<String> = ["priority", "max_attempts", "backoff_initial_ms", "backoff_max_ms"]

    static func text(_ node: PlanNode) -> String {
        var out = ""
        write(node, field: "", isInContext: false, margin: "", into: &out)
        return out + "\n"
    }

    private static func write(
        _ node: PlanNode, field: String, isInContext: Bool, margin: String, into out: inout String
    ) {
        let inner = margin + "  "
        switch node.value {
        case .empty: out += "null"
        case .scalar(let text): out += !isInContext && numbers.contains(field) ? text : quoted(text)
        case .list(let items):
            out += "["
            for (index, item) in items.enumerated() {
                out += (index == 0 ? "\n" : ",\n") + inner
                write(item, field: "", isInContext: isInContext, margin: inner, into: &out)
            }
            out += items.isEmpty ? "]" : "\n\(margin)]"
        case .map(let entries):
            out += "{"
            for (index, entry) in entries.enumerated() {
                out += (index == 0 ? "\n" : ",\n") + inner + quoted(entry.key) + ": "
                write(entry.value, field: entry.key, isInContext: field == "context", margin: inner, into: &out)
            }
            out += entries.isEmpty ? "}" : "\n\(margin)}"
        }
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: JSONValue.string(text).jsonBytes(), as: UTF8.self)
    }
}
