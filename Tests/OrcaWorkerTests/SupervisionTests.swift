import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaGit
import OrcaSupport
import OrcaTestKit
import OrcaWorker
import Synchronization
import Testing

@Suite struct SupervisionTests {
    /// Writes its pid and waits for ever.
    private let sleeper =
        "echo part > part.txt; echo $$ > \"$HOME/pid.new\"; mv \"$HOME/pid.new\" \"$HOME/pid\"; sleep 300 & wait"

    private func pid(_ shop: Workshop) throws -> Int32 {
        #expect(shop.awaitFile(shop.folder.path("pid")))
        return try #require(Int32(try Files.readText(shop.folder.path("pid")).filter(\.isNumber)))
    }

    private func awaitDeath(_ pid: Int32) -> Bool {
        let deadline = Deadline.after(.seconds(30))
        while ProcessTable.state(of: pid) != .dead {
            if deadline.hasPassed { return false }
            _ = Poll.readable([], until: .after(.milliseconds(5)))
        }
        return true
    }

    @Test func aStoppedPoolGivesItsTaskBack() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        let running = try shop.start(shop.options(sleeper))
        let pid = try pid(shop)
        shop.stop.raise()
        let summary = running.wait()
        #expect(summary.reports.map(\.outcome) == [.released])
        #expect(shop.server.task("T-1").status == .ready)
        #expect(ProcessTable.state(of: pid) == .dead)
        #expect(try shop.git("show", "orca/T-1/1:part.txt") == "part", "what was begun is kept")
        #expect(try shop.repository().worktrees().count == 1)
    }

    @Test func anIdlePoolStopsAtOnce() throws {
        let shop = try Workshop()
        var options = shop.options("true", agents: 3)
        options.untilEmpty = false
        let running = try shop.start(options)
        #expect(shop.await { if case .agentStarted("w-3") = $0 { true } else { false } })
        shop.stop.raise()
        #expect(running.wait().reports.isEmpty)
    }

    @Test func aCancelEndsTheWholeTreeAtOnce() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        let running = try shop.start(shop.options(sleeper))
        let pid = try pid(shop)
        shop.server.cancel("T-1")
        let summary = running.wait()
        #expect(summary.reports.count == 1)
        guard case .lost(let reason) = try #require(summary.reports.first).outcome else {
            Issue.record("\(summary.reports)")
            return
        }
        #expect(reason.contains("canceled by test"))
        #expect(ProcessTable.state(of: pid) == .dead)
        #expect(shop.server.calls("FailTask") == 0 && shop.server.calls("ReleaseTask") == 0)
    }

    @Test func aRunningCommandKeepsItsLeaseAndAStoppedOneDoesNot() throws {
        let shop = try Workshop()
        shop.server.setTTL(90)
        shop.server.add("T-1")
        let running = try shop.start(shop.options(sleeper))
        let pid = try pid(shop)
        let before = shop.server.calls("RenewLease")
        let deadline = Deadline.after(.seconds(30))
        while shop.server.calls("RenewLease") < before + 3, !deadline.hasPassed {
            _ = Poll.readable([], until: .after(.milliseconds(5)))
        }
        #expect(shop.server.calls("RenewLease") >= before + 3)
        kill(pid, SIGSTOP)
        #expect(shop.await { if case .commandStopped = $0 { true } else { false } })
        let stopped = shop.server.calls("RenewLease")
        _ = Poll.readable([], until: .after(.milliseconds(200)))
        #expect(shop.server.calls("RenewLease") == stopped)
        kill(pid, SIGCONT)
        while shop.server.calls("RenewLease") == stopped, !deadline.hasPassed {
            _ = Poll.readable([], until: .after(.milliseconds(5)))
        }
        #expect(shop.server.calls("RenewLease") > stopped)
        shop.stop.raise()
        _ = running.wait()
    }

    @Test func aLostLeaseEndsTheCommand() throws {
        let shop = try Workshop()
        shop.server.setTTL(90)
        shop.server.add("T-1")
        let running = try shop.start(shop.options(sleeper))
        let pid = try pid(shop)
        shop.server.state.withLock { state in
            state.leases = [:]
            state.tasks[0].status = .completed
        }
        let summary = running.wait()
        #expect(summary.reports.count == 1)
        #expect(ProcessTable.state(of: pid) == .dead)
        #expect(try #require(summary.reports.first).branch == "orca/T-1/1")
    }

    @Test func anOutageDoesNotStopTheWorkAndNothingIsReportedTwice() throws {
        let shop = try Workshop()
        shop.server.setTTL(90)
        shop.server.add("T-1")
        let running = try shop.start(
            shop.options("touch $HOME/pid; while ! test -f $HOME/go; do sleep 0.02; done; echo x > x"))
        #expect(shop.awaitFile(shop.folder.path("pid")))
        shop.server.setOutage(APIError("unavailable", .unavailable, "gone"))
        #expect(shop.await { if case .serverUnreachable = $0 { true } else { false } })
        try shop.folder.file("go", "")
        let deadline = Deadline.after(.seconds(30))
        while shop.server.calls("CompleteTask") < 2, !deadline.hasPassed {
            _ = Poll.readable([], until: .after(.milliseconds(5)))
        }
        shop.server.setOutage(nil)
        let summary = running.wait()
        #expect(summary.reports.map(\.outcome) == [.completed])
        let keys = shop.server.state.withLock { state in
            Set(state.calls.filter { $0.operation == "CompleteTask" }.map(\.key))
        }
        #expect(keys == ["complete-att_t-1_1"])
        #expect(shop.await { if case .serverBack = $0 { true } else { false } })
    }

    @Test func aSupersededCompletionIsSaidAndItsBranchIsKept() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        let running = try shop.start(
            shop.options("echo x > x; touch $HOME/pid; while ! test -f $HOME/go; do sleep 0.02; done"))
        #expect(shop.awaitFile(shop.folder.path("pid")))
        shop.server.state.withLock { state in
            state.leases = [:]
            state.tasks[0].status = .completed
        }
        try shop.folder.file("go", "")
        let report = try #require(running.wait().reports.first)
        #expect(report.outcome == .lost(reason: "token 1 does not hold task_t-1"))
        #expect(try shop.git("show", "\(report.branch):x") == "x")
    }

    @Test func whatADeadWorkerLeftIsCleanedUpAndItsWorkKept() throws {
        let shop = try Workshop()
        let repository = try shop.repository()
        let place = AttemptDirectory(state: shop.state, attempt: "att_dead")
        let marker = ProcessTree.newMarker()
        let owner = AttemptDirectory.Owner(
            process: .init(pid: 1, startTime: 1), boot: AttemptDirectory.bootID, repository: shop.root, ref: "T-9",
            marker: marker)
        try place.create(owner, token: 4)
        try repository.addWorktree(place.tree, branch: "orca/T-9/1", at: try repository.base(nil).commit)
        try Files.write("half\n", to: place.tree + "/half.txt")
        let orphan = try SupervisedProcess(
            SubprocessCommand("sleep", ["300"], environment: shop.environment), marker: marker)

        try shop.work("true")
        #expect(Files.kind(place.path) == nil)
        #expect(try shop.git("show", "orca/T-9/1:half.txt") == "half")
        #expect(awaitDeath(orphan.child.pid))
        orphan.end()
        #expect(shop.await { if case .cleaned(ref: "T-9", branch: "orca/T-9/1") = $0 { true } else { false } })
    }

    @Test func whatALivingWorkerUsesIsLeftAlone() throws {
        let shop = try Workshop()
        let place = AttemptDirectory(state: shop.state, attempt: "att_alive")
        let owner = AttemptDirectory.Owner(
            process: AttemptDirectory.ourselves, boot: AttemptDirectory.bootID, repository: shop.root, ref: "T-9",
            marker: "unused")
        try place.create(owner, token: 4)
        #expect(place.owner() == owner)
        try shop.work("true")
        #expect(Files.kind(place.path) == .directory)
    }
}

@Suite struct TaskBriefTests {
    private func claim(number: Int32 = 1) -> WorkClaim {
        var task = OrcaV1.Task()
        (task.ref, task.title, task.spec) = ("T-3", "Glue it", "Use glue.\n\n")
        task.inheritedContext = ["area": "core", "tool": "old"]
        task.context = ["tool": "two\nlines"]
        task.contract = [contract(command: "make test"), contract(file: "out")]
        var attempt = OrcaV1.Attempt()
        attempt.number = number
        return WorkClaim(task: task, attempt: attempt, lease: OrcaV1.Lease())
    }

    @Test func theBriefHasAllAWorkerMustKnow() {
        var input = OrcaV1.Task()
        (input.ref, input.title, input.result) = ("T-1", "Cut it", "three pieces\n")
        #expect(
            TaskBrief.text(claim(number: 2), inputs: [input], lastError: "glue\ndried") == """
                # T-3: Glue it

                Use glue.

                ## Context

                - area: core
                - tool: two
                  lines

                ## Finished work that is already in this worktree

                - T-1 Cut it: three pieces

                ## It counts as done when

                - `make test` exits with 0
                - the file `out` exists and is not empty

                ## This is attempt 2. The one before ended so

                > glue
                > dried

                """)
    }

    @Test func aFirstAttemptIsNotToldOfErrors() {
        #expect(!TaskBrief.text(claim(), inputs: [], lastError: "old").contains("old\n\n>"))
        #expect(!TaskBrief.text(claim(), inputs: [], lastError: "failed before").contains("failed before"))
    }

    @Test func knownAgentsTakeTheTaskFromStandardInput() {
        #expect(KnownAgent.claude.command() == ["claude", "--print", "--permission-mode", "acceptEdits"])
        #expect(KnownAgent.claude.command(["--model", "m"]).suffix(2) == ["--model", "m"])
        #expect(KnownAgent.codex.command(["--model", "m"]).suffix(3) == ["--model", "m", "-"])
        #expect(KnownAgent(rawValue: "nobody") == nil)
    }
}

@Suite struct TranscriptTests {
    private let folder = TemporaryDirectory("transcript")

    @Test func theLastWordsAreWholeLinesWithoutControlCharacters() {
        let transcript = Transcript(state: folder.path, attempt: "att_1")
        for number in 0..<2000 { transcript.append(Array("line \(number)\n".utf8)) }
        transcript.append(Array("\u{1b}[31mred\u{7}\u{9b}\n\n".utf8))
        let words = transcript.lastWords(limit: 60)
        #expect(words.hasPrefix("line 199") && words.hasSuffix("line 1999\n[31mred"))
    }

    @Test func theFileIsBounded() throws {
        let transcript = Transcript(state: folder.path, attempt: "att_1")
        let block = [UInt8](repeating: 0x78, count: 1 << 20)
        for _ in 0..<40 { transcript.append(block) }
        let size = try #require(Files.size(transcript.path))
        #expect(size > Transcript.fileBytesMax && size < Transcript.fileBytesMax + 200)
        #expect(transcript.lastWords(limit: 10) == "xxxxxxxxxx")
    }

    @Test func aTranscriptThatCannotBeWrittenStillHasLastWords() throws {
        try folder.file("state", "")
        let transcript = Transcript(state: folder.path("state"), attempt: "att_1")
        transcript.append(Array("hello\n".utf8))
        #expect(transcript.lastWords() == "hello")
    }
}
