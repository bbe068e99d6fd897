import OrcaAPI

/// Writes a plan as Markdown: a section per task, its fields in a fenced block.
///
/// A spec comes back without blank lines at its ends. One that itself has a heading of level 1 or 2, which would begin
/// another task, goes into the fenced block.
enum MarkdownWriter {
    static func text(_ plan: OrcaV1.Plan) -> String {
        (["# \(escaped(plan.name))\n"] + plan.tasks.map { section($0) }).joined(separator: "\n")
    }

    private static func section(_ task: OrcaV1.PlanTask) -> String {
        var fields = PlanEncoder.details(task)
        var spec = task.spec
        if !standsAlone(spec) {
            fields.append(("spec", PlanNode(.init(0, 0), .scalar(spec))))
            spec = ""
        }
        var text = "## \(escaped(task.title)) {#\(task.key)}\n"
        let node = PlanEncoder.map(fields)
        if case .map(let entries) = node.value, !entries.isEmpty {
            let yaml = YAMLWriter.text(node)
            let fence = String(repeating: "`", count: max(3, longestRun(yaml) + 1))
            text += "\n\(fence)orca\n\(yaml)\(fence)\n"
        }
        return spec.isEmpty ? text : text + "\n" + spec + "\n"
    }

    /// Whether the spec, written as it is, is read back as it is: no headings that begin a task, nothing that looks
    /// like fields, no blank lines at its ends.
    private static func standsAlone(_ spec: String) -> Bool {
        if spec.isEmpty { return true }
        let lines = spec.split(separator: "\n", omittingEmptySubsequences: false)
        func isBlank(_ line: Substring) -> Bool { line.allSatisfy { $0 == " " || $0 == "\t" } }
        guard let first = lines.first, let last = lines.last, !isBlank(first), !isBlank(last), !spec.contains("\r")
        else {
            return false
        }
        let startsLikeFields = [" ", "\t", "-", "*", "+", "`", "~"].contains { first.hasPrefix($0) }
        let hasHeading = lines.contains { line in
            let body = line.drop { $0 == " " }
            return body.hasPrefix("#") || body.hasPrefix("===") || body.hasPrefix("---") || body == "=" || body == "-"
                || body == "--"
                || body == "=="
        }
        // Containers and open fences could swallow the next section's heading.
        let hasFence = lines.contains { $0.contains("```") || $0.contains("~~~") || $0.contains("<") }
        return !startsLikeFields && !hasHeading && !hasFence
    }

    /// Text that Markdown shows as it is.
    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            if "\\`*_{}[]<>#&!|~".contains(character) { out += "\\" }
            out.append(character == "\n" ? " " : character)
        }
        return out
    }

    private static func longestRun(_ text: String) -> Int {
        var longest = 0
        var run = 0
        for character in text {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
