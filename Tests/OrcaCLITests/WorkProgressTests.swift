import OrcaAPI
import OrcaCLI
import OrcaDomain
import OrcaProtobuf
import OrcaWorker
import Testing

@Suite struct WorkProgressTests {
    private var claim: WorkClaim {
        WorkClaim(
            task: task("API-1", .dispatched, "Build\u{1B}it"),
            attempt: .with {
                $0.number = 2
                $0.agent = "mule"
            }, lease: .with { $0.token = 5 })
    }

    private func report(_ outcome: AttemptOutcome, branch: String = "") -> WorkEvent {
        .ended(
            AttemptReport(
                claim: claim, outcome: outcome, duration: .seconds(65), branch: branch, commit: "", transcript: ""))
    }

    @Test func saysWhatHappens() {
        let events: [WorkEvent] = [
            .claimed(claim), report(.completed, branch: "orca/API-1/2"),
            report(.failed(error: "exit\ncode 1", isFinal: false)),
            report(.failed(error: "no", isFinal: true)), report(.released), report(.lost(reason: "canceled")),
            .cleaned(ref: "API-2", branch: "b"), .serverBack, .agentStarted(name: "mule"),
        ]
        #expect(
            events.compactMap { WorkProgress.text($0, .plain) } == [
                "API-1 started by mule (attempt 2): Build\u{FFFD}it",
                "API-1 completed after 1m 5s, branch orca/API-1/2",
                "API-1 failed, will be tried again after 1m 5s: exit code 1", "API-1 failed for good after 1m 5s: no",
                "API-1 given back after 1m 5s", "API-1 lost after 1m 5s: canceled",
                "API-2 cleaned up after a worker that died: what was left is on b", "server back",
            ])
    }

    @Test func needsACommand() {
        let outcome = FakeWorld().run("work", "-p", "API")
        #expect(outcome.code == 2)
        #expect(outcome.err.contains("needs a program: -- COMMAND …, or --agent claude or --agent codex"))
    }

    @Test func refusesWhatIsNoRepository() {
        let world = FakeWorld()
        let outcome = world.run("work", "-p", "API", "--", "true")
        #expect(outcome.code != 0)
        #expect(outcome.err.contains("not a git repository") || outcome.err.contains("git"))
        #expect(world.client.calls.isEmpty)
    }

    @Test func runTouchesNothingWhenThePlanIsBad() throws {
        let world = FakeWorld()
        try world.write("tasks: [{titel: x}]", to: "plan.yaml")
        #expect(world.run("run", "plan.yaml", "--", "true").code == 2)
        #expect(world.run("run", "missing.yaml", "--", "true").code == 3)
        #expect(world.client.calls.isEmpty)
    }
}
