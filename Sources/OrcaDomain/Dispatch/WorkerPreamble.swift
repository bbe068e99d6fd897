/// The text a dispatched worker gets: who it works for, how it reports, and the task. Written for agents that have never
/// heard of Orca; the command lines in it are a contract that published skills and their users know by heart.
package struct WorkerPreamble: Sendable, Hashable {
    /// How far the worker's checkout is behind its base.
    package struct Drift: Sendable, Hashable {
        package var base: String
        package var commitsBehind: Int
        /// The newest missing commits, newest first.
        package var subjects: [String]

        package init(base: String, commitsBehind: Int, subjects: [String]) {
            self.base = base
            self.commitsBehind = commitsBehind
            self.subjects = subjects
        }
    }

    /// A decision that was made about the task.
    package struct Decision: Sendable, Hashable {
        package var question: String
        package var resolution: String

        package init(question: String, resolution: String) {
            self.question = question
            self.resolution = resolution
        }
    }

    /// Handle of the terminal that gets the mail; empty when it is not known.
    package var coordinator: String
    package var task: String
    /// `ctx_…`.
    package var dispatch: String
    package var spec: String
    package var drift: Drift?
    package var decisions: [Decision] = []
    /// What the tasks it depends on have delivered: `API-1: branch x, …`, one line each.
    package var groundwork: [String] = []
    /// Lines that must hold before the work counts.
    package var contract: [String] = []
    /// How the earlier attempt ended, when there was one.
    package var previousError = ""

    package init(coordinator: String, task: String, dispatch: String, spec: String) {
        self.coordinator = coordinator
        self.task = task
        self.dispatch = dispatch
        self.spec = spec
    }

    package static let subjectsMax = 5
    private static let staleLine = "allow-stale-base: true"

    package var text: String {
        ([identity, commands, afterwards] + extras + ["=== TASK ===\n" + Self.withoutFlags(spec)])
            .joined(separator: "\n\n")
    }

    private var address: String { coordinator.isEmpty ? "coordinator" : coordinator }

    private var identity: String {
        """
        You are a worker that Orca has dispatched to one task.
        Your coordinator is the \(address.hasPrefix("run_") ? "run" : "terminal") \(address).
        Your task is \(task), and this attempt at it is the dispatch \(dispatch).
        Talk to the coordinator with the commands below and with nothing else: no chat services, no issue comments.
        """
    }

    private var commands: String {
        """
        === CLI COMMANDS ===
        # When the work has ended, well or badly, send this exactly once. The body is a summary in three sentences;
        # both ids are needed for it to count. Add --outcome failed when the task could not be done.
        orca orchestration send --to \(address) --type worker_done --subject "<short status>" --body "<3-sentence summary: what was done, what was checked, what is left>" --task-id \(task) --dispatch-id \(dispatch) --files-modified "path/a,path/b" --report-path "<optional path of a longer report>"

        # Every 5 minutes while you work, but not while you wait in 'check --wait' or 'ask':
        orca orchestration send --to \(address) --type heartbeat --subject "alive" --task-id \(task) --dispatch-id \(dispatch) --phase "<short: investigating|implementing|reviewing|waiting>"

        # When you need a decision, ask like this and wait for the answer. NEVER open a question dialog of your own
        # (AskUserQuestion or the like): nobody sits in front of this terminal, and it would block for ever.
        orca orchestration ask --to \(address) --question "<your question>" --options "<optional,comma,separated>" --timeout-ms 600000

        # When you are stuck and a question will not help:
        orca orchestration send --to \(address) --type escalation --subject "Blocked: <reason>" --body "<details>" --task-id \(task)

        # To read mail that was sent to you:
        orca orchestration check
        """
    }

    private var afterwards: String {
        """
        === AFTER YOU SEND worker_done ===
        Stop and stay idle in this terminal. Do not poll: another task arrives by itself, with a text like this one.
        """
    }

    private var extras: [String] {
        var parts: [String] = []
        if let drift, drift.commitsBehind > 0 {
            let subjects = drift.subjects.prefix(Self.subjectsMax).map { "  - \($0)" }
            parts.append(
                ([
                    "--- BASE DRIFT ---",
                    "This checkout is \(drift.commitsBehind) commits behind \(drift.base). Newest of them:",
                ]
                    + subjects
                    + [
                        "Bring it up to date before you begin: git pull --rebase \(Self.pullArguments(drift.base)). If that "
                            + "fails, send an escalation."
                    ]).joined(separator: "\n"))
        }
        if !groundwork.isEmpty {
            parts.append((["--- WHAT THIS BUILDS ON ---"] + groundwork).joined(separator: "\n"))
        }
        if !contract.isEmpty {
            parts.append(
                (["--- COUNTS AS DONE WHEN ---"] + contract.map { "  - \($0)" }).joined(separator: "\n"))
        }
        if !previousError.isEmpty {
            parts.append("--- THE ATTEMPT BEFORE THIS ONE ---\nIt ended without success: \(previousError)")
        }
        for decision in decisions {
            parts.append(
                "--- DECISION GATE RESOLVED ---\nQuestion: \(decision.question)\nResolution: \(decision.resolution)")
        }
        return parts
    }

    /// `origin/main` as the two words that git wants.
    private static func pullArguments(_ base: String) -> String {
        guard let slash = base.firstIndex(of: "/") else { return base }
        return "\(base[..<slash]) \(base[base.index(after: slash)...])"
    }

    /// Whether the spec says that work on an old base is fine.
    package static func allowsStaleBase(_ spec: String) -> Bool {
        spec.split(separator: "\n", omittingEmptySubsequences: false).contains { isStaleLine($0) }
    }

    /// The spec without the lines that are meant for us.
    package static func withoutFlags(_ spec: String) -> String {
        guard allowsStaleBase(spec) else { return spec }
        return spec.split(separator: "\n", omittingEmptySubsequences: false).filter { !isStaleLine($0) }
            .joined(separator: "\n")
    }

    private static func isStaleLine(_ line: Substring) -> Bool {
        var trimmed = line
        while trimmed.first?.isWhitespace == true { trimmed.removeFirst() }
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        return trimmed.lowercased() == staleLine
    }
}
