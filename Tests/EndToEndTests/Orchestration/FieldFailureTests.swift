import OrcaSupport
import OrcaTestKit
import Testing

/// What goes wrong in the field with coordinators that wait: nobody wakes them, or everybody does all the time.
@Suite(.serialized) struct FieldFailureTests {
    /// Longer than a machine with other things to do takes for a second's work.
    private static let wakeMS: Int64 = 1_000

    @Test(.timeLimit(.minutes(2))) func aCompletionWakesTheCoordinatorWithinASecond() throws {
        let crew = try Crew()
        var waits: [Int64] = []
        for round in 1...5 {
            let task = try crew.task("task \(round)")
            let dispatch = try crew.dispatch(task)
            var sent: Int64 = 0
            let answer = try crew.during(
                "check", "--wait", "--types", "worker_done", "--timeout-ms", "60000", "--json", as: crew.coordinator
            ) {
                sent = SystemTime.monotonicMilliseconds()
                try crew.send(
                    "done", to: crew.coordinator, from: crew.worker, "--type", "worker_done", "--task-id", task,
                    "--dispatch-id", dispatch)
            }
            waits.append(SystemTime.monotonicMilliseconds() - sent)
            #expect(try JSONValue(jsonBytes: answer.output)["result"]?["count"] == .integer(1))
        }
        #expect(waits.sorted()[2] < Self.wakeMS, "\(waits)")
    }

    @Test(.timeLimit(.minutes(2))) func completionsAtTheSameMomentAreAllDelivered() throws {
        let crew = try Crew()
        let count = 12
        var work: [(task: String, dispatch: String, terminal: String)] = []
        for number in 1...count {
            let terminal = try Crew.open(crew.place, "w\(number)")
            let task = try crew.task("task \(number)")
            work.append((task, try crew.dispatch(task, to: terminal), terminal))
        }
        let place = crew.place
        let ready = work
        let answers = try place.together(count) { index in
            let one = ready[index]
            return try place.answer([
                "orchestration", "send", "--to", crew.coordinator, "--from", one.terminal, "--type", "worker_done",
                "--subject", "done \(index)", "--task-id", one.task, "--dispatch-id", one.dispatch,
            ])
        }
        #expect(
            answers.allSatisfy {
                $0.code == 0 && $0.outputText.hasPrefix("Sent msg_") && !$0.outputText.contains("not count")
            })
        // The coordinator was not there meanwhile; it finds every one of them, once.
        try place.killServer()
        let found = try crew.ask("check", "--types", "worker_done", as: crew.coordinator)
        #expect(
            Set(crew.subjects(found)) == Set((0..<count).map { "done \($0)" })
                && found["count"] == .integer(Int64(count)))
        #expect(try crew.ask("task-list", "--status", "completed")["count"] == .integer(Int64(count)))
    }

    @Test(.timeLimit(.minutes(2))) func oneIncidentIsToldOnce() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        _ = try crew.dispatch(task)
        _ = try crew.place.result("terminal", "stop", "--terminal", crew.worker)
        #expect(
            try crew.ask("check", "--wait", "--types", "escalation", "--timeout-ms", "20000", as: crew.coordinator)[
                "count"]
                == .integer(1))
        // Neither a new server nor the end of the terminal tells it again.
        for _ in 1...2 {
            try crew.place.killServer()
            _ = try crew.ask("task-list")
        }
        _ = try crew.place.result("terminal", "close", "--terminal", crew.worker)
        let all = try crew.ask("inbox", "--terminal", crew.coordinator)
        #expect(all["count"] == .integer(1), "\(crew.subjects(all))")
        #expect(try crew.ask("dispatch-show", "--task", task)["dispatch"]?["failure_count"] == .integer(1))
    }

    @Test(.timeLimit(.minutes(2))) func signsOfLifeAreStateAndWakeNobody() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        let dispatch = try crew.dispatch(task)
        let answer = try crew.during("check", "--wait", "--timeout-ms", "60000", "--json", as: crew.coordinator) {
            for _ in 1...5 {
                _ = try crew.ask(
                    "send", "--to", crew.coordinator, "--type", "heartbeat", "--subject", "alive", "--task-id", task,
                    "--dispatch-id", dispatch, as: crew.worker)
            }
            try crew.send("the one", to: crew.coordinator, from: crew.worker)
        }
        let result = try JSONValue(jsonBytes: answer.output)["result"]
        #expect(result.map(crew.subjects) == ["the one"], "\(answer.outputText)")
    }
}
