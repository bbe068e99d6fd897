import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// Mail while the server is killed again and again: waits go on, and what is typed into agents is typed once.
@Suite(.serialized) struct MailRestartTests {
    @Test(.timeLimit(.minutes(2))) func aWaitForMailOutlivesTheServer() throws {
        let crew = try Crew()
        let answer = try crew.during("check", "--wait", "--timeout-ms", "60000", "--json", as: crew.worker) {
            for _ in 1...3 {
                // The wait is on before the server goes; nothing announces that, so it gets a moment.
                let start = SystemTime.monotonicMilliseconds()
                _ = crew.place.eventually { SystemTime.monotonicMilliseconds() - start > 200 }
                try crew.place.killServer()
                _ = try crew.ask("inbox")
            }
            try crew.send("after all", to: crew.worker, from: crew.coordinator)
        }
        #expect(answer.code == 0, "\(answer)")
        let result = try JSONValue(jsonBytes: answer.output)["result"]
        #expect(result.map(crew.subjects) == ["after all"])
        #expect(try crew.ask("check", as: crew.worker)["count"] == .integer(0))
    }

    @Test(.timeLimit(.minutes(3))) func severalWaitersGetEachMessageOnceOverRestarts() throws {
        let seed =
            ProcessEnvironment.current["ORCA_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64(UInt32.max))
        print("MailRestartTests: ORCA_SEED=\(seed)")
        let crew = try Crew()
        let place = crew.place
        let got = Results()
        let isOver = StopSignal()
        let readers = try (0..<3).map { index in
            try ManagedThread("reader-\(index)") {
                while !isOver.isRaised {
                    do {
                        let answer = try place.answer(
                            [
                                "orchestration", "check", "--wait", "--timeout-ms", "1500", "--json", "--terminal",
                                crew.worker,
                            ])
                        if answer.code == 0 { got.add(answer) }
                    } catch { Issue.record("reader \(index), seed \(seed): \(error)") }
                }
            }
        }
        var random = SeededRandom(seed: seed)
        let count = 30
        for number in 1...count {
            try crew.send("m\(number)", to: crew.worker, from: crew.coordinator, "--retry-request", "mail-\(number)")
            if Int.random(in: 0..<5, using: &random) == 0 { try place.killServer() }
        }
        let isDone = try place.eventually(within: .seconds(60)) {
            let all = try crew.ask("check", "--all", as: crew.worker)["messages"]?.arrayValue ?? []
            return all.count == count && all.allSatisfy { $0["read"] == .integer(1) }
        }
        isOver.raise()
        for reader in readers { reader.join() }
        #expect(isDone, "seed \(seed): mail is left unread")
        let subjects = try got.all.flatMap { crew.subjects(try JSONValue(jsonBytes: $0.output)["result"] ?? .null) }
        // Mail whose mark was lost with a server comes again; none is missing.
        #expect(Set(subjects) == Set((1...count).map { "m\($0)" }), "seed \(seed)")
    }

    @Test(.timeLimit(.minutes(3))) func mailIsTypedIntoAnIdleAgentOnceWhateverHappensToTheServer() throws {
        let crew = try Crew()
        let agent = try Crew.openAgent(crew.place, "reader")
        let count = 6
        for number in 1...count {
            try crew.send("note-\(number)-end", to: agent, from: crew.coordinator)
            if number.isMultiple(of: 2) { try crew.place.killServer() }
        }
        _ = try crew.ask("inbox")
        let isThere = crew.place.eventually(within: .seconds(60)) {
            (try? (1...count).allSatisfy { try crew.typed(agent).contains("note-\($0)-end") }) == true
        }
        let typed = try crew.typed(agent)
        #expect(isThere, "\(typed)")
        for number in 1...count {
            let times = typed.ranges(of: "note-\(number)-end").count
            #expect(times == 1, "note \(number) was typed \(times) times")
        }
        // It was typed, not read: the agent's own check still gets it.
        let checked = try crew.ask("check", as: agent)
        #expect(checked["count"] == .integer(Int64(count)))
        #expect(checked["messages"]?.arrayValue?.allSatisfy { $0["delivered_at"] != .null } == true)
    }

    @Test(.timeLimit(.minutes(2))) func mailThatWasReadIsNeverTyped() throws {
        let crew = try Crew()
        try crew.send("read before", to: crew.worker, from: crew.coordinator)
        #expect(try crew.ask("check", as: crew.worker)["count"] == .integer(1))
        let agent = try Crew.openAgent(crew.place, "reader")
        try crew.send("hello there", to: agent, from: crew.coordinator)
        #expect(crew.place.eventually { (try? crew.typed(agent).contains("hello there")) == true })
        #expect(try !crew.typed(agent).contains("read before"))
        let screen = try crew.place.result("terminal", "read", "--terminal", crew.worker)
        #expect(
            screen["terminal"]?["tail"]?.arrayValue?.contains { $0.stringValue?.contains("read before") == true }
                == false)
    }
}
