import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// A task's way through an agent: ready, dispatched, asked about, answered, done, merged. The server is killed at every
/// step, and nothing of it is lost or happens twice.
@Suite(.serialized) struct AgentFlowTests {
    private struct Worker {
        var handle: String
        var worktree: String
        var task = ""
    }

    private static let fixtures = Files.split(#filePath).folder + "/Fixtures"
    private static let fakeAgent = Files.split(#filePath).folder + "/../OrcaTmuxTests/Fixtures/fake_agent.py"

    private func place() throws -> Installation {
        let place = try Installation()
        try place.folder.file("repo/calc.py", "# functions\n")
        try place.makeRepository()
        try place.orca("project", "create", "API", "--repository", place.repository)
        _ = try place.result("repo", "add", "--path", place.repository)
        return place
    }

    /// A worktree of its own with a terminal in which the program runs.
    private func worker(_ program: String, _ place: Installation) throws -> Worker {
        let made = try place.result("worktree", "create", "--name", program, in: place.repository)
        let id = try #require(made["worktree"]?["id"]?.stringValue)
        let opened = try place.result("terminal", "create", "--worktree", "id:\(id)", "--command", program)
        return Worker(handle: try #require(opened["terminal"]?["handle"]?.stringValue), worktree: id)
    }

    private func mail(_ type: String, for boss: String, _ place: Installation) throws -> [JSONValue] {
        let found = try place.result(
            "orchestration", "check", "--terminal", boss, "--wait", "--timeout-ms", "60000", "--types", type)
        return found["messages"]?.arrayValue ?? []
    }

    /// What the workers show, to see why something did not come.
    private func screens(_ workers: [Worker], _ place: Installation) throws -> String {
        try workers.map { try place.orca("terminal", "read", "--screen", "--terminal", $0.handle) }
            .joined(separator: "\n")
    }

    private func status(_ task: String, _ place: Installation) throws -> String? {
        try place.result("orchestration", "dispatch-show", "--task", task)["dispatch"]?["status"]?.stringValue
    }

    private func handOut(_ workers: inout [Worker], from boss: String, _ place: Installation) throws {
        for index in workers.indices {
            let made = try place.result(
                "orchestration", "task-create", "--project", "API", "--spec", "Add combine() to calc.py (\(index))")
            workers[index].task = try #require(made["task"]?["id"]?.stringValue)
        }
        try place.killServer()
        for worker in workers {
            try place.awaitIdle(worker.handle)
            _ = try place.result(
                "orchestration", "dispatch", "--task", worker.task, "--to", worker.handle, "--from", boss, "--inject")
        }
        try place.killServer()
    }

    /// Answers every question, once each, and waits for every report.
    private func answer(_ workers: [Worker], from boss: String, _ place: Installation) throws {
        var questions: [JSONValue] = []
        while questions.count < workers.count {
            let found = try mail("decision_gate", for: boss, place)
            try #require(!found.isEmpty, "\(questions.count) of \(workers.count) asked")
            questions += found
            try place.killServer()
        }
        #expect(Set(questions.compactMap { $0["from_handle"]?.stringValue }) == Set(workers.map(\.handle)))
        for question in questions {
            #expect(question["body"]?.stringValue == "Which operator?")
            let id = try #require(question["id"]?.stringValue)
            _ = try place.result("orchestration", "reply", "--id", id, "--body", "plus")
        }
        try place.killServer()
        var reports: [JSONValue] = []
        while reports.count < workers.count {
            let found = try mail("worker_done", for: boss, place)
            let shown = found.isEmpty ? try screens(workers, place) : ""
            try #require(!found.isEmpty, "\(reports.count) of \(workers.count) reported: \(shown)")
            reports += found
            try place.killServer()
        }
        #expect(reports.count == workers.count)
    }

    private func carry(_ programs: [String], _ place: Installation) throws -> [Worker] {
        defer { place.endTerminals() }
        var workers = try programs.map { try worker($0, place) }
        let opened = try place.result("terminal", "create", "--title", "boss", in: place.repository)
        let boss = try #require(opened["terminal"]?["handle"]?.stringValue)
        try place.killServer()
        try handOut(&workers, from: boss, place)
        try answer(workers, from: boss, place)
        for worker in workers {
            let shown = try place.orca("task", "show", worker.task)
            #expect(try status(worker.task, place) == "completed", "\(shown)")
            try place.awaitIdle(worker.handle)
            #expect(try place.git("-C", path(worker), "show", "HEAD:calc.py").contains("return a + b"))
        }
        let letters = try place.result("orchestration", "inbox", "--limit", "1000")["messages"]?.arrayValue ?? []
        for type in ["decision_gate", "worker_done"] {
            let count = letters.count { $0["type"]?.stringValue == type }
            #expect(count == workers.count, "every worker sends one \(type)")
        }
        #expect(!letters.contains { $0["type"]?.stringValue == "escalation" }, "nothing went wrong: \(letters)")
        return workers
    }

    private func path(_ worker: Worker) -> String { String(worker.worktree.split(separator: ":").last ?? "") }

    @Test func agentsOfEveryKindCarryTheirTasksThroughAServerThatIsKilledAllTheTime() throws {
        let place = try place()
        let work = try place.folder.file(
            "work",
            """
            #!/bin/bash
            prompt=$(cat)
            to=$(grep -o -m1 -- '--to [^ ]* --type worker_done' <<< "$prompt" | cut -d' ' -f2)
            ids=$(grep -o -m1 -- '--task-id [^ ]* --dispatch-id [^ ]*' <<< "$prompt")
            [ -n "$ids" ] || exit 0
            answer=$(orca orchestration ask --to "$to" --question 'Which operator?' --options plus,minus --json)
            [[ $answer == *'"answer":"plus"'* ]] && sign=+ || sign=-
            printf 'def combine(a, b):\\n    return a %s b\\n' "$sign" >> calc.py
            git commit -qam combine
            orca orchestration send --to "$to" --type worker_done --subject combine --body combined $ids
            """, mode: 0o755)
        let programs = ["claude", "codex", "gemini", "opencode", "droid", "cursor-agent"]
        for program in programs {
            let style = program == "cursor-agent" ? "cursor" : program
            let log = place.folder.path("\(program).log")
            try place.makeProgram(program, "exec python3 '\(Self.fakeAgent)' \(style) '\(log)' '\(work)'")
        }
        _ = try carry(programs, place)
        for program in programs {
            let log = try Files.readText(place.folder.path("\(program).log")).split(separator: "\n")
            let prompts = try log.map { try JSONValue(jsonBytes: Array($0.utf8)) }.compactMap {
                $0["prompt"]?.stringValue
            }
            let tasks = prompts.filter { $0.contains(Self.hex("=== TASK ===")) }
            #expect(tasks.count == 1, "\(program) got its task \(tasks.count) times")
        }
    }

    @Test func aServerThatIsKilledWhileItTypesHasTypedOnce() throws {
        let place = try place()
        defer { place.endTerminals() }
        let opened = try place.result("terminal", "create", "--title", "boss", in: place.repository)
        let boss = try #require(opened["terminal"]?["handle"]?.stringValue)
        // Killed when it has just begun, between the text and Enter, and about when Enter is pressed.
        for (round, delayMS) in [0, 60, 120, 180, 240, 300].enumerated() {
            let log = place.folder.path("agent-\(round).log")
            try place.makeProgram("claude", "exec python3 '\(Self.fakeAgent)' claude '\(log)'")
            let agent = try worker("claude", place)
            try place.awaitIdle(agent.handle)
            let made = try place.result("orchestration", "task-create", "--project", "API", "--spec", "round \(round)")
            let task = try #require(made["task"]?["id"]?.stringValue)
            func prompt() throws -> String {
                // Before the dispatch there is none to show.
                let shown = try place.answer(["orchestration", "dispatch-show", "--task", task, "--json"])
                let value = try JSONValue(jsonBytes: shown.output)
                return value["result"]?["dispatch"]?["prompt"]?.stringValue ?? ""
            }
            let dispatch = try SupervisedProcess(
                place.command(
                    "orca",
                    ["orchestration", "dispatch", "--task", task, "--to", agent.handle, "--from", boss, "--inject"]))
            defer { dispatch.end() }
            #expect(try place.eventually { ["injecting", "injected", "submitted"].contains(try prompt()) })
            _ = Poll.readable([], until: .after(.milliseconds(delayMS)))
            try place.killServer()
            #expect(try place.eventually { try prompt() == "submitted" }, "round \(round)")
            let lines = try Files.readText(log).split(separator: "\n").filter { $0.contains("\"prompt\"") }
            #expect(lines.count == 1, "round \(round): \(lines)")
            let count = lines.first?.occurrences(of: Self.hex("=== TASK ===")) ?? 0
            #expect(count == 1, "round \(round): the text stands there \(count) times")
        }
    }

    @Test func aRealAgentCarriesATaskFromItsPromptToTheMerge() throws {
        let place = try place()
        try makeAider(place)
        let workers = try carry(["aider"], place)
        try place.orca("merge", "-p", "API", "--repo", place.repository)
        #expect(try place.git("show", "orca/API/integration:calc.py").contains("return a + b"))
        #expect(try place.git("log", "--format=%s", "orca/API/integration").contains("Add combine"))
        #expect(workers.count == 1)
    }

    /// The real program, with a model that follows a script. In a network of its own, where that is allowed: it can reach
    /// nothing but the model.
    private func makeAider(_ place: Installation) throws {
        let tools = try Subprocess.run(
            SubprocessCommand(
                Self.fixtures + "/../../../scripts/python-tools", ["aider"],
                environment: ["PATH": "/usr/bin:/bin", "HOME": place.folder.path]), timeout: .seconds(900))
        try #require(tools.status.isSuccess, "\(tools.errorText)")
        let python = tools.outputText.split(separator: "\n").last ?? ""
        try place.folder.file(".aider/caches/model_prices_and_context_window.json", "{}")
        try place.folder.file("step", "#!/bin/sh\n", mode: 0o755)
        try place.makeProgram(
            "aider",
            """
            if [ -z "$OWN_NET" ] && unshare -rn true 2> /dev/null; then OWN_NET=1 exec unshare -rn "$0"; fi
            [ -z "$OWN_NET" ] || ip link set lo up
            python3 '\(Self.fixtures)/scripted_model.py' "$HOME/port" "$HOME/step" 2> "$HOME/model.log" &
            until [ -e "$HOME/port" ]; do sleep 0.05; done
            export OPENAI_API_BASE=http://127.0.0.1:$(cat "$HOME/port")/v1 OPENAI_API_KEY=loopback-dummy
            export LITELLM_LOCAL_MODEL_COST_MAP=True
            exec '\(python)' -m aider --model openai/scripted --no-check-update --no-show-release-notes \\
              --analytics-disable --no-show-model-warnings --no-gitignore --edit-format diff --yes-always \\
              --no-suggest-shell-commands --map-tokens 0 --no-detect-urls --no-browser --notifications \\
              --test-cmd "$HOME/step" --auto-test calc.py
            """)
    }

    private static func hex(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: text.utf8.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension Substring {
    /// How often the text stands in it.
    fileprivate func occurrences(of text: String) -> Int { ranges(of: text).count }
}
