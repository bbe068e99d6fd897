import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Synchronization
import Testing

/// Workers in terminals that die, hang, are busy or are asked something: what whoever dispatched them sees of it.
@Suite(.serialized) struct WorkerLivenessTests {
    private static let fakeAgent = Files.split(#filePath).folder + "/../OrcaTmuxTests/Fixtures/fake_agent.py"

    /// A server, and a terminal for whoever hands out work.
    private struct Scene: Sendable {
        let place: Installation
        let boss: String

        init(lease: String = "5m") throws {
            place = try Installation()
            try place.makeRepository()
            try place.orca("project", "create", "API", "--lease-ttl", lease, "--backoff", "0s")
            let opened = try place.result("terminal", "create", "--title", "boss", in: place.repository)
            boss = try #require(opened["terminal"]?["handle"]?.stringValue)
        }

        /// A terminal with an agent that plays Claude Code, by a script without job control when asked.
        func agent(byScript: Bool = false, number: Int = 0) throws -> (handle: String, log: String) {
            let log = place.folder.path("agent-\(number).log")
            let start = "python3 '\(WorkerLivenessTests.fakeAgent)' claude '\(log)'"
            try place.makeProgram("claude", byScript ? "\(start); exit $?" : "exec \(start)")
            let opened = try place.result("terminal", "create", "--command", "claude", in: place.repository)
            let handle = try #require(opened["terminal"]?["handle"]?.stringValue)
            try place.awaitIdle(handle)
            return (handle, log)
        }

        func task(_ spec: String) throws -> String {
            let made = try place.result("orchestration", "task-create", "--project", "API", "--spec", spec)
            return try #require(made["task"]?["id"]?.stringValue)
        }

        func dispatch(_ task: String, to handle: String) throws -> JSONValue {
            try place.result(
                "orchestration", "dispatch", "--task", task, "--to", handle, "--from", boss, "--inject")
        }

        func status(_ task: String) throws -> String {
            let shown = try JSONValue(jsonBytes: Array(try place.orca("task", "show", task, "--json").utf8))
            return (shown["task"] ?? shown)["status"]?.stringValue ?? "\(shown)"
        }

        func mail(_ type: String) throws -> [JSONValue] {
            let all = try place.result("orchestration", "inbox", "--limit", "1000")["messages"]?.arrayValue ?? []
            return all.filter { $0["type"]?.stringValue == type }
        }

        /// The process that plays the agent.
        func program(of log: String) throws -> Int32 {
            try #require(
                ProcessTable.all().first { entry in
                    // One that ends meanwhile is not the one.
                    let line = (try? Files.read("/proc/\(entry.pid)/cmdline", limit: 4_096)) ?? []
                    return line.starts(with: Array("python3".utf8))
                        && line.split(separator: 0).contains { $0.elementsEqual(log.utf8) }
                }?.pid)
        }
    }

    private func withScene(lease: String = "5m", _ body: (Scene) throws -> Void) throws {
        let scene = try Scene(lease: lease)
        defer { scene.place.endTerminals() }
        try body(scene)
    }

    @Test func anAgentKilledInItsLivingShellGivesItsTaskBackAndIsToldOfOnce() throws {
        try withScene { scene in
            let agent = try scene.agent()
            let task = try scene.task("esc")
            #expect(try scene.dispatch(task, to: agent.handle)["injected"] == .bool(true))
            SystemSignals.kill(try scene.program(of: agent.log))
            #expect(try scene.place.eventually { try scene.status(task) == "ready" })
            #expect(try scene.place.eventually { try scene.mail("escalation").count == 1 })
            #expect(
                try scene.place.eventually {
                    let shown = try scene.place.result("terminal", "show", "--terminal", agent.handle)["terminal"]
                    return shown?["state"]?.stringValue == "idle" && shown?["agentAlive"] == .bool(false)
                }, "its shell waits for the next command")
            // A server that begins anew, and a terminal that goes as well, are no news.
            try scene.place.killServer()
            _ = try scene.place.result("terminal", "close", "--terminal", agent.handle)
            let other = try scene.agent(number: 1)
            #expect(try scene.dispatch(task, to: other.handle)["injected"] == .bool(true))
            #expect(try scene.mail("escalation").count == 1, "one incident, one letter")
        }
    }

    @Test func aWorkerThatIsHeldIsNotKeptAliveByItsTerminal() throws {
        try withScene(lease: "2s") { scene in
            let agent = try scene.agent(byScript: true)
            let task = try scene.task("esc")
            #expect(try scene.dispatch(task, to: agent.handle)["injected"] == .bool(true))
            // One that works on and says nothing is kept.
            let other = try scene.agent(number: 1)
            let kept = try scene.task("esc")
            #expect(try scene.dispatch(kept, to: other.handle)["injected"] == .bool(true))
            let program = try scene.program(of: agent.log)
            SystemSignals.stop(program)
            defer { SystemSignals.kill(program) }
            #expect(try scene.place.eventually(within: .seconds(40)) { try scene.status(task) == "ready" })
            #expect(try scene.status(kept) == "dispatched")
            let shown = try scene.place.result("terminal", "show", "--terminal", agent.handle)["terminal"]
            #expect(shown?["connected"] == .bool(true), "its terminal lives")
        }
    }

    @Test func nothingIsTypedIntoABusyAgentAndThePromptComesWhenItRests() throws {
        try withScene { scene in
            let agent = try scene.agent()
            _ = try scene.place.result("terminal", "send", "--terminal", agent.handle, "--text", "silent", "--enter")
            let task = try scene.task("quick")
            let sent = try scene.dispatch(task, to: agent.handle)
            let prompts = try Files.readText(agent.log).split(separator: "\n").filter { $0.contains("\"prompt\"") }
            // Its turn lasts seven seconds, and it repaints nothing for five of them.
            #expect(prompts.count == (sent["injected"] == .bool(true) ? 2 : 1))
            #expect(
                try scene.place.eventually(within: .seconds(40)) {
                    try Files.readText(agent.log).split(separator: "\n").count { $0.contains("\"prompt\"") } == 2
                })
            let states = try Files.readText(agent.log).split(separator: "\n").map { line in
                try JSONValue(jsonBytes: Array(line.utf8))
            }.compactMap { $0["state"]?.stringValue ?? ($0["prompt"] == nil ? nil : "prompt") }
            let second = try #require(states.lastIndex(of: "prompt"))
            #expect(states[second - 1] == "idle", "\(states)")
        }
    }

    @Test func aTerminalThatAsksForPermissionGetsNoPrompt() throws {
        try withScene { scene in
            let agent = try scene.agent()
            _ = try scene.place.result("terminal", "send", "--terminal", agent.handle, "--text", "ask", "--enter")
            let waited = try scene.place.answer([
                "terminal", "wait", "--terminal", agent.handle, "--for", "tui-idle", "--timeout-ms", "20000", "--json",
            ])
            #expect(waited.outputText.contains("permission-prompt"), "\(waited.outputText)")
            let task = try scene.task("quick")
            let error = try scene.place.refusal(
                "orchestration", "dispatch", "--task", task, "--to", agent.handle, "--from", scene.boss, "--inject")
            #expect("\(error)".contains("dialog"), "\(error)")
            #expect(try scene.status(task) == "ready")
        }
    }

    @Test func completionsWakeACoordinatorThatWaitsAndReachOneThatWasDown() throws {
        try withScene { scene in
            let agents = try (0..<3).map { try scene.agent(number: $0).handle }
            let tasks = try agents.map { handle in
                let task = try scene.task("quick")
                let record = try scene.dispatch(task, to: handle)["dispatch"]?["id"]?.stringValue
                return (handle: handle, task: task, dispatch: try #require(record))
            }
            @Sendable func finish(_ index: Int) throws -> Answer {
                try scene.place.answer([
                    "orchestration", "send", "--from", tasks[index].handle, "--to", scene.boss, "--type", "worker_done",
                    "--subject", "done", "--task-id", tasks[index].task, "--dispatch-id", tasks[index].dispatch,
                ])
            }
            let wake = [
                "orchestration", "check", "--terminal", scene.boss, "--wait", "--types", "worker_done", "--json",
            ]
            let moments = Mutex<[Int: Int64]>([:])
            let answers = try scene.place.together(2) { index in
                // The other one waits by the time the agent's terminal has been waited for.
                if index == 1 { try scene.place.awaitIdle(tasks[0].handle) }
                let answer = index == 0 ? try scene.place.answer(wake) : try finish(0)
                moments.withLock { $0[index] = SystemTime.monotonicMilliseconds() }
                return answer
            }
            let (woke, sent) = moments.withLock { ($0[0] ?? .max, $0[1] ?? 0) }
            #expect(woke - sent <= 1_000, "woken within a second")
            #expect(answers.allSatisfy { $0.code == 0 }, "\(answers)")
            let woken = try #require(answers.first { $0.outputText.contains("deliveryId") }, "\(answers)")
            #expect(woken.outputText.contains(tasks[0].task))
            #expect(!woken.errorText.contains("_heartbeat"), "it was woken, not timed out")
            // Nobody listens, and the server dies: both letters are there afterwards, once.
            for index in 1...2 { #expect(try finish(index).code == 0) }
            try scene.place.killServer()
            let found = try scene.place.answer(wake).outputText
            #expect(found.contains(tasks[1].task) && found.contains(tasks[2].task) && !found.contains(tasks[0].task))
            #expect(try scene.mail("worker_done").count == 3)
        }
    }
}
