import OrcaAgents
import OrcaSupport
import OrcaTestKit
import Testing

/// Every command line that a skill teaches is carried out by the program as it was built.
@Suite(.serialized) struct SkillCommandsTests {
    @Test(.timeLimit(.minutes(3)), arguments: Skill.all.map(\.name))
    func everyCommandOfASkillWorks(name: String) throws {
        let skill = try Skill.require(name)
        let scene = try SkillScene()
        let lines = SkillLines(skill.body)
        try scene.place.folder.file("plan.yaml", lines.plan)
        #expect(lines.commands.count >= 15)
        for line in lines.commands { try scene.check(line) }
    }
}

/// The command lines in a text: those in its blocks, and those that stand in its sentences.
struct SkillLines {
    private(set) var commands: [String] = []
    private(set) var plan = ""

    init(_ text: String) {
        var block: Substring?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                block = block == nil ? line.dropFirst(3) : nil
            } else if block == "sh" {
                commands.append(String(line))
            } else if block == "yaml" {
                plan += line + "\n"
            } else {
                for match in line.matches(of: /`(orca [^`]+)`/) { commands.append(String(match.1)) }
            }
        }
    }
}

/// What the commands of the skills are about.
private final class SkillScene {
    let place: Installation
    private var words: [String: String] = [:]
    private let coordinator: String
    private let worker: String
    private let free: String
    private let directory: String

    init() throws {
        let place = try Installation()
        self.place = place
        try place.makeRepository()
        for (agent, title) in [("claude", "✳ Claude Code"), ("codex", "Codex ready")] {
            try place.makeAgent(agent, title: title)
        }
        try place.orca("project", "create", "DOC", "--name", "Docs", "--repository", place.repository)
        let repo = try place.result("repo", "add", "--path", place.repository)
        let tree = try place.result(
            "worktree", "create", "--name", "scene", "--repo", "id:\(try text(repo, "repo", "id"))")
        directory = try text(tree, "worktree", "path")
        let here = directory
        func terminal(_ arguments: String...) throws -> String {
            let created = try place.envelope(["terminal", "create"] + arguments, in: here)
            return try text(created, "result", "terminal", "handle")
        }
        func task(_ spec: String) throws -> String {
            try text(
                place.result("orchestration", "task-create", "--spec", spec, with: ["ORCA_PROJECT": "DOC"]), "task",
                "id")
        }
        coordinator = try terminal("--title", "coordinator")
        worker = try terminal("--command", "claude")
        let free = try terminal("--command", "claude")
        let live = try task("a live one")
        try place.awaitIdle(worker)
        let dispatched = try place.result(
            "orchestration", "dispatch", "--task", live, "--to", worker, "--from", coordinator)
        let question = try place.result(
            "orchestration", "send", "--to", coordinator, "--from", worker, "--type", "decision_gate", "--subject", "?")
        try place.awaitIdle(free)
        self.free = free
        words = [
            "task_id": try task("one"), "ready_task_id": try task("another one"), "live_task_id": live,
            "dispatch_id": try text(dispatched, "dispatch", "id"), "msg_id": try text(question, "message", "id"),
            "worker_handle": free, "other_handle": try terminal(), "coordinator_handle": coordinator,
            "worktree_id": try text(tree, "worktree", "id"), "name": "audit", "other_name": "spare",
            "task brief": "Fix the login page", "project": "DOC", "new_project": "FRESH", "agent_name": "bot",
        ]
        words["gate_id"] = try text(
            place.result("orchestration", "gate-create", "--task", try task("gated"), "--question", "go?"), "gate",
            "id")
        for (word, priority) in [("task_ref", "9"), ("other_ref", "8"), ("failing_ref", "7"), ("held_ref", "6")] {
            words[word] = String(
                try place.orca("add", word, "-p", "DOC", "--priority", priority, "--quiet").dropLast())
        }
        try place.orca("claim", try #require(words["failing_ref"]), "--agent", "second")
        try place.orca("claim", try #require(words["held_ref"]), "--agent", "third")
    }

    /// Carries a line out as an agent would, and expects that it works; waiting is cut short.
    func check(_ line: String) throws {
        let isWorker = line.contains("<live_task_id>") || line.contains("<coordinator_handle>")
        var text = line.replacing(/--timeout-ms [0-9]+/, with: "--timeout-ms 300")
        if text.contains("<pid>") { text = "sleep 0.2 & " + text.replacing("<pid>", with: "$!") }
        for (word, value) in words { text = text.replacing("<\(word)>", with: value) }
        #expect(!text.contains(/<[a-z_ ]+>/), "nobody knows what to put in: \(text)")
        var command = place.command("bash", ["-c", text])
        command.directory = directory
        command.environment.merge(["ORCA_TERMINAL_HANDLE": isWorker ? worker : coordinator, "ORCA_PROJECT": "DOC"]) {
            $1
        }
        // The plan stands where the skill's user would have it.
        command.directory = line.contains("plan.yaml") ? place.folder.path : directory
        // What an agent of this skill would have waited for, and one run at a time.
        if line.contains("terminal send --terminal <worker_handle>") { try place.awaitIdle(free) }
        if line.contains("orchestration run ") { _ = try place.answer(["orchestration", "run-stop"]) }
        let answer = try Subprocess.run(command, timeout: .seconds(60))
        // Questions stay unanswered here, and agents may not be ready yet.
        let mayEndInTime = line.contains("orchestration ask") || line.contains("terminal wait")
        #expect(
            answer.code == 0 || (mayEndInTime && answer.code == 1), "\(text)\n\(answer.outputText)\(answer.errorText)")
        if line.contains("--json"), mayEndInTime, answer.code == 1 {
            let said = answer.outputText
            #expect(
                said.contains("\"timedOut\": true") || said.contains("\"timedOut\":true") || said.contains("timeout"))
        }
    }
}
