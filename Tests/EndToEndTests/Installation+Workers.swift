import OrcaSupport
import OrcaTestKit
import Testing

/// Coding agents that really work: what a prompt says is carried out by a script.
extension Installation {
    /// An agent with the titles of Claude Code. It hands every prompt that is pasted to `work`, a shell script that finds
    /// it in `$prompt`, with the task's id in `$task`, the dispatch in `$dispatch`, whom to report to in `$to`, and the
    /// task's own text in `$spec`; `done` reports the work as finished.
    func makeWorker(_ work: String) throws {
        try makeProgram(
            "claude",
            """
            report() { orca orchestration send --to "$to" --type worker_done --subject "$1" --body "$1" \\
                --task-id "$task" --dispatch-id "$dispatch" "${@:2}"; }
            work() {
              to=$(grep -o -m1 -- '--to [^ ]* --type worker_done' <<< "$prompt" | cut -d' ' -f2)
              task=$(grep -o -m1 -- '--task-id [^ ]*' <<< "$prompt" | cut -d' ' -f2)
              dispatch=$(grep -o -m1 -- '--dispatch-id [^ ]*' <<< "$prompt" | cut -d' ' -f2)
              spec=${prompt##*=== TASK ===}
            \(work)
            }
            printf '\\033]0;✳ Claude Code\\007\\033[?2004h> '
            prompt=
            while IFS= read -r line; do
              prompt+=$line$'\\n'
              [[ $prompt == *$'\\e[200~'* && $prompt != *$'\\e[201~'* ]] && continue
              printf '\\033]0;⠂ Working\\007\\nworking\\n'
              prompt=${prompt//$'\\e[200~'/}; prompt=${prompt//$'\\e[201~'/}
              printf '%s\\n' "$prompt" >> "$HOME/prompts"
              [ -n "${prompt//[[:space:]]/}" ] && work < /dev/null >> "$HOME/worker.log" 2>&1
              printf '\\033]0;✳ Claude Code\\007done\\n> '
              prompt=
            done
            """)
    }

    /// Starts a run and answers its id.
    func startRun(_ project: String, _ rest: String...) throws -> String {
        let value = try envelope(
            ["orchestration", "run", "--spec", "Make it", "--project", project]
                + (rest.contains("--agents") ? [] : ["--agents", "claude"]) + rest)
        return try #require(value["result"]?["runId"]?.stringValue)
    }

    func run(_ id: String) throws -> JSONValue {
        let runs = try result("orchestration", "run-list")["runs"]?.arrayValue ?? []
        return try #require(runs.first { $0["id"]?.stringValue == id }, "\(runs)")
    }

    /// Waits until a run has the status.
    func await(_ run: String, is status: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let isSo = try eventually(within: .seconds(90)) { try self.run(run)["status"]?.stringValue == status }
        guard !isSo else { return }
        let log = (try? Files.readText(folder.path("worker.log"))) ?? ""  // helps to see why
        Issue.record(
            "\(try self.run(run)) \(try orca("task", "list")) \(log.suffix(2_000))", sourceLocation: sourceLocation)
    }

    /// The one question or decision that waits; waits for it.
    func decision() throws -> JSONValue {
        var found: JSONValue?
        _ = try eventually(within: .seconds(60)) {
            let open = try JSONValue(jsonBytes: Array(try orca("gates", "--json").utf8))
            found = (open["gates"]?.arrayValue ?? []).first ?? (open["questions"]?.arrayValue ?? []).first
            return found != nil
        }
        return try #require(found, "nothing waits for a decision")
    }
}
