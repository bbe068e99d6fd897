import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaTestKit
import Testing

@testable import OrcaRuntime

/// Calls that wait for mail, under a clock that the test moves.
@Suite struct MailWaitTests {
    private func withMail(_ body: (RuntimeFixture) async throws -> Void) async throws {
        let fixture = try await RuntimeFixture()
        do {
            for name in ["a", "b"] {
                _ = try await fixture.call(Operations.registerAgent, .with { $0.name = name })
            }
            try await body(fixture)
        } catch {
            await fixture.stop()
            throw error
        }
        await fixture.stop()
    }

    @discardableResult
    private func send(_ subject: String, thread: String = "", _ fixture: RuntimeFixture) async throws -> String {
        let sent = try await fixture.call(
            Operations.sendMessage,
            .with {
                $0.from = "agent:a"
                $0.to = "agent:b"
                $0.subject = subject
                $0.thread = thread
            })
        return sent.messages.first?.id ?? ""
    }

    private func take(_ delivery: String, waitMS: Int32 = 0, _ fixture: RuntimeFixture) async throws -> [String] {
        try await fixture.call(
            Operations.takeMessages,
            .with {
                $0.recipient = "agent:b"
                $0.delivery = delivery
                $0.waitMs = waitMS
            }
        ).messages.map(\.subject)
    }

    /// Returns once so many calls wait for time to pass.
    private func sleepers(_ count: Int, _ fixture: RuntimeFixture) async {
        while fixture.clock.sleeperCount < count { await Task.yield() }
    }

    @Test(.timeLimit(.minutes(1))) func mailWakesWhoWaitsForIt() async throws {
        try await withMail { fixture in
            async let waiting = take("d1", waitMS: 50_000, fixture)
            await sleepers(1, fixture)
            try await send("hello", fixture)
            let found = try await waiting
            #expect(found == ["hello"])
        }
    }

    @Test(.timeLimit(.minutes(1))) func aWaitEndsEmptyWhenItsTimeIsUp() async throws {
        try await withMail { fixture in
            async let waiting = take("d1", waitMS: 50_000, fixture)
            await sleepers(1, fixture)
            fixture.clock.advance(milliseconds: 50_000)
            let found = try await waiting
            #expect(found.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(1))) func mailOfACallerThatVanishedWakesTheNextOne() async throws {
        try await withMail { fixture in
            try await send("kept", fixture)
            #expect(try await take("vanishes", fixture) == ["kept"])
            async let waiting = take("d2", waitMS: 50_000, fixture)
            await sleepers(1, fixture)
            // Nothing happens but that the time is up which the first caller had.
            fixture.clock.advance(milliseconds: Limits.takenMS + 1)
            let found = try await waiting
            #expect(found == ["kept"])
        }
    }

    @Test(.timeLimit(.minutes(1))) func newerMailOfAThreadComesAsSoonAsTheOlderWasRead() async throws {
        try await withMail { fixture in
            try await send("first", thread: "t", fixture)
            #expect(try await take("d1", fixture) == ["first"])
            async let waiting = take("d2", waitMS: 50_000, fixture)
            await sleepers(1, fixture)
            try await send("second", thread: "t", fixture)
            _ = try await fixture.call(
                Operations.markMessages,
                .with {
                    $0.recipient = "agent:b"
                    $0.delivery = "d1"
                })
            // The clock stands still: only the mark can have let it go.
            let found = try await waiting
            #expect(found == ["second"])
        }
    }
}

/// Finding out whom an event names.
@Suite struct JSONTextsTests {
    @Test(arguments: [
        (#"{"a":"b","c":[1,"d e"],"f":{}}"#, [#""a""#, #""b""#, #""c""#, #""d e""#, #""f""#]),
        (#"{"quote":"say \"hi\" \\","x":"y"}"#, [#""quote""#, #""say \"hi\" \\""#, #""x""#, #""y""#]),
        (#"{"broken":"end"#, [#""broken""#, #""end"#]),
        (#""\"#, [#""\"#]),
        ("", []),
    ])
    func everyTextIsFound(json: String, texts: [String]) {
        #expect(Array(JSONTexts(json)) == texts)
    }
}
