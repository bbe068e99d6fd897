package import OrcaAPI

/// The task as its worker reads it on standard input: Markdown, the spec first.
package enum TaskBrief {
    /// `inputs` are the finished tasks whose work is in the worktree.
    package static func text(_ claim: WorkClaim, inputs: [OrcaV1.Task], lastError: String = "") -> String {
        let task = claim.task
        var parts = ["# \(task.ref): \(task.title)"]
        if !task.spec.isEmpty { parts.append(trimmed(task.spec)) }
        let facts = task.inheritedContext.merging(task.context) { $1 }
        if !facts.isEmpty {
            parts.append(
                "## Context\n\n"
                    + facts.sorted { $0.key < $1.key }.map { item($0.key, $0.value) }.joined(separator: "\n"))
        }
        if !inputs.isEmpty {
            let lines = inputs.map { item("\($0.ref) \($0.title)", $0.result) }
            parts.append("## Finished work that is already in this worktree\n\n" + lines.joined(separator: "\n"))
        }
        if !task.contract.isEmpty {
            parts.append(
                "## It counts as done when\n\n" + task.contract.map { "- " + words($0) }.joined(separator: "\n"))
        }
        if claim.attempt.number > 1, !lastError.isEmpty {
            parts.append("## This is attempt \(claim.attempt.number). The one before ended so\n\n" + quoted(lastError))
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func words(_ item: OrcaV1.ContractItem) -> String {
        switch item.requirement {
        case .command(let command): "`\(command)` exits with 0"
        case .file(let path): "the file `\(path)` exists and is not empty"
        case nil: "(a requirement this version does not know)"
        }
    }

    private static func item(_ name: String, _ value: String) -> String {
        let value = trimmed(value)
        if value.isEmpty { return "- \(name)" }
        return "- \(name): " + value.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ")
    }

    private static func quoted(_ text: String) -> String {
        trimmed(text).split(separator: "\n", omittingEmptySubsequences: false).map { "> " + $0 }.joined(separator: "\n")
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
