import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport
import OrcaTestKit
import Testing

/// Field failure "dead worker", with real programs: workers and the server are killed again and again, and still every
/// task is done exactly once, its work is merged, and nothing is left behind.
@Suite(.serialized) struct WorkerChaosTests {
    private let tasks = 16
    private let script =
        "cat > /dev/null; sleep 0.3; echo $ORCA_ATTEMPT_ID > done-$ORCA_TASK_REF"

    @Test(.timeLimit(.minutes(4))) func everyTaskIsDoneOnceHoweverOftenWorkersDie() throws {
        let place = try Installation()
        try place.makeRepository()
        try place.orca("project", "create", "CHAOS", "--name", "Chaos")
        try place.orca("plan", "import", try plan(place), "--project", "CHAOS")
        let client = try place.client()

        var random = SystemRandomNumberGenerator()
        var workers = try (0..<3).map { try start("w\($0)", place) }
        var kills = 0
        while try !isFinished(client) {
            // The moment of a kill is the test's only randomness; it needs no seed to be repeated.
            pause(.milliseconds(Int64.random(in: 200...700, using: &random)))
            if Int.random(in: 0..<5, using: &random) == 0 {
                try place.killServer()
            } else {
                let victim = Int.random(in: workers.indices, using: &random)
                workers[victim].child.signal(9)
                workers[victim].child.reap()
                workers[victim] = try start("w\(victim)", place)
                kills += 1
            }
            try #require(kills < 300, "it does not get anywhere")
        }
        for worker in workers {
            _ = worker.child.waitForExit(until: .after(.seconds(30)))
            worker.end()
        }
        try place.orca("merge", "--project", "CHAOS", "--repo", place.repository)
        try expectEachDoneOnce(client, place)
        try expectNothingLeft(place)
    }

    private func plan(_ place: Installation) throws -> String {
        var text = "name: chaos\ntasks:\n"
        for number in 0..<tasks {
            text +=
                "  - {key: t\(number), title: Task \(number), retry: {max_attempts: 200, backoff_initial_ms: 100, backoff_max_ms: 200}"
            text += number >= 4 ? ", depends_on: [t\(number - 4), t\(number - 3)]}\n" : "}\n"
        }
        return try place.folder.file("plan.yaml", text)
    }

    private func start(_ name: String, _ place: Installation) throws -> SupervisedProcess {
        let log = place.folder.path("\(name).log")
        return try SupervisedProcess(
            place.command(
                "/bin/sh",
                [
                    "-c",
                    "exec orca work --project CHAOS --repo repo --agents 2 --agent \(name) --ttl 2s --until-empty -- /bin/sh -c '\(script)' >> \(log) 2>&1",
                ]))
    }

    private func isFinished(_ client: HTTPClient) throws -> Bool {
        var request = OrcaV1.ListTasksRequest()
        request.workspace = "default"
        request.project = "CHAOS"
        request.status = [.pending, .ready, .dispatched]
        return try client.call(Operations.listTasks, request).tasks.isEmpty
    }

    private func pause(_ duration: Duration) {
        _ = Poll.readable([], until: .after(duration))
    }

    private func expectEachDoneOnce(_ client: HTTPClient, _ place: Installation) throws {
        var request = OrcaV1.ListAttemptsRequest()
        request.workspace = "default"
        request.limit = 1000
        let attempts = try client.call(Operations.listAttempts, request).attempts
        let succeeded = attempts.filter { $0.outcome == .succeeded }
        #expect(succeeded.count == tasks)
        #expect(Set(succeeded.map(\.task)).count == tasks)
        #expect(attempts.allSatisfy { [.succeeded, .expired, .released, .failed].contains($0.outcome) })
        for attempt in succeeded {
            // What is in the branch was made by the attempt that counts.
            #expect(try place.git("show", "orca/CHAOS/integration:done-\(attempt.taskRef)") == attempt.id)
        }
    }

    private func expectNothingLeft(_ place: Installation) throws {
        // A worker that finds nothing to do still cleans up after the dead.
        try place.orca(
            "work", "--project", "CHAOS", "--repo", place.repository, "--agents", "1", "--agent", "last",
            "--until-empty",
            "--", "true")
        #expect(
            try place.git("worktree", "list", "--porcelain").split(separator: "\n").count { $0.hasPrefix("worktree ") }
                == 1)
        let running = ProcessTable.all().filter {
            $0.state != .dead && ProcessTable.environment(of: $0.pid, contains: "ORCA_PROJECT=CHAOS")
        }
        #expect(running.isEmpty)
    }
}
