import Glibc
import OrcaSupport
import OrcaTerminal
import OrcaTestKit
import OrcaTmux
import Testing

/// Prompts of every kind and length reach agents and shells whole, and each exactly once. `ORCA_PROMPTS` says how many.
@Suite struct PromptsArriveTests {
    private static let standardCount = 160
    /// Prompts that one agent gets of the full number.
    private static let lanePromptsMax = 250
    private static let longest = 64 << 10

    private var count: Int {
        ProcessEnvironment.current["ORCA_PROMPTS"].flatMap { Int($0) } ?? Self.standardCount
    }

    /// Agents that are typed into at the same time.
    private var lanes: Int { max(8, count / Self.lanePromptsMax) }

    /// What shells, terminals, tmux and JSON each take for something else.
    private static let hazards = [
        "-", "--flag=x ", "$(touch /tmp/never)", "`id`", "$HOME", ";", " && ", "|", "#{pane_id}", "%H", "\\n", "\\",
        "\"", "'", "ü", "日本語", "🛠️", "\u{301}", "\t", "!", "*", "?", "[200~", "[201~", "\u{1B}[201~", "\u{9B}31m",
        "\r", "\u{3}", "\u{7F}", "word ", "  ", "{}", "<>", "\u{202E}", "%end 1 2 1", "~", "^C", "=",
    ]

    private static func hazard(_ random: inout SeededRandom) -> String {
        hazards[Int(random.next() % UInt64(hazards.count))]
    }

    /// A text made to go wrong.
    private static func prompt(_ random: inout SeededRandom, multiline: Bool) -> String {
        let goal: Int
        switch random.next() % 10 {
        case 0: goal = 1
        case 1...6: goal = 1 + Int(random.next() % 200)
        case 7, 8: goal = 200 + Int(random.next() % 4_000)
        default: goal = 4_000 + Int(random.next() % UInt64(longest - 4_000))
        }
        var text = ""
        while text.utf8.count < goal {
            text += multiline && random.next() % 6 == 0 ? "\n" : hazard(&random)
        }
        return text
    }

    /// What a shell hands on unchanged between single quotes; a tab would ask it for a completion. Scalar by scalar: an
    /// accent may stand on the quote.
    private static func quotable(_ text: String) -> String {
        var scalars = PromptText.sanitized(text).unicodeScalars
        scalars.removeAll { $0 == "'" || $0 == "\t" }
        return String(scalars)
    }

    @Test func everyPromptReachesAnAgentWholeAndOnce() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        try await TmuxFixture.run { fixture, host in
            await withTaskGroup(of: Void.self) { group in
                for lane in 0..<lanes {
                    group.addTask {
                        do {
                            try await agentLane(lane, seed, fixture, host)
                        } catch {
                            Issue.record("seed \(seed), lane \(lane): \(error)")
                        }
                    }
                }
            }
        }
    }

    private func agentLane(_ lane: Int, _ seed: UInt64, _ fixture: TmuxFixture, _ host: TmuxHost) async throws {
        var random = SeededRandom(seed: seed &+ UInt64(lane))
        let style = FakeAgent.styles[lane % FakeAgent.styles.count]
        let agent = try await FakeAgent.start(style, in: fixture, host)
        var expected: [String] = []
        for number in 0..<(count / lanes) {
            // "quick" tells the program to answer at once; the first character is one that something may take for its own.
            let text = Self.hazard(&random) + " quick \(number) " + Self.prompt(&random, multiline: true)
            try await host.awaitIdle(agent.handle)
            var receipt = try await host.inject(agent.handle, text, InjectionOptions())
            // A refusal types nothing, so it may be tried again.
            while receipt.refusal != nil {
                try await host.awaitIdle(agent.handle)
                receipt = try await host.inject(agent.handle, text, InjectionOptions())
            }
            expected.append(FakeAgent.hex(PromptText.sanitized(text)))
            try await agent.awaitPrompt(expected.count)
            #expect(receipt.stage == .submitted, "seed \(seed), \(style), prompt \(number)")
        }
        let found = try agent.prompts()
        #expect(found == expected, "seed \(seed), \(style): \(firstDifference(found, expected))")
    }

    @Test(arguments: ["/bin/bash", "/usr/bin/zsh"])
    func everyLineReachesAShellWholeAndOnce(_ shell: String) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        try await TmuxFixture.run(shell: shell) { fixture, host in
            var random = SeededRandom(seed: seed)
            let handle = TestHandle.next()
            let log = fixture.folder.path("lines")
            try fixture.folder.file("home/.zshrc", "unsetopt banghist\n")
            try fixture.folder.file("home/.bashrc", "set +H\n")
            _ = try await host.create(TerminalSpec(handle: handle, directory: fixture.directory))
            try await host.awaitIdle(handle)
            var expected: [String] = []
            for number in 0..<(count / 8) {
                let text = "\(number) " + Self.quotable(Self.prompt(&random, multiline: false))
                let line = "printf '%s\\0' '\(text)' >> '\(log)'"
                let receipt = try await host.inject(handle, line, InjectionOptions(guards: .explicit))
                #expect(receipt.stage == .submitted, "seed \(seed), line \(number)")
                expected.append(text)
                try await host.awaitIdle(handle)
                let what = "seed \(seed), \(shell), line \(number): \(line.prefix(300))"
                try await awaitTruth(what) {
                    try Files.size(log) != nil && Files.read(log).count { $0 == 0 } >= expected.count
                }
            }
            let found = try Files.read(log).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            #expect(found == expected, "seed \(seed): \(firstDifference(found, expected))")
        }
    }

    private func firstDifference(_ found: [String], _ expected: [String]) -> String {
        for (position, text) in expected.enumerated() {
            guard position < found.count else { return "\(found.count) of \(expected.count) came" }
            if found[position] != text {
                return "number \(position): \(found[position].prefix(300)) instead of \(text.prefix(300))"
            }
        }
        return found.count > expected.count ? "\(found.count) came, \(expected.count) were sent" : "none"
    }

    @Test func aTextBeyondTheLimitIsRefusedWithTheLimit() async throws {
        try await TmuxFixture.run { fixture, host in
            let handle = TestHandle.next()
            _ = try await host.create(TerminalSpec(handle: handle, directory: fixture.directory))
            try await host.awaitIdle(handle)
            let text = String(repeating: "x", count: TerminalLimits.textBytesMax + 1)
            let error = await #expect(throws: TerminalError.self) {
                _ = try await host.inject(handle, text, InjectionOptions(guards: .explicit))
            }
            #expect(error?.code == .invalid && error?.message.contains("16 MiB") == true)
        }
    }

    @Test func severalLinesAreNotTypedWhereEachWouldRun() async throws {
        try await TmuxFixture.run { fixture, host in
            let handle = TestHandle.next()
            _ = try await host.create(
                TerminalSpec(handle: handle, directory: fixture.directory, command: .arguments(["cat"])))
            try await host.awaitStatus(handle, "known") { $0.state != .exited }
            let two = try await host.inject(handle, "one\ntwo", InjectionOptions(guards: [.unbracketed]))
            #expect(two.stage == .refused(.multilineUnbracketed))
            let long = String(repeating: "y", count: 5_000)
            let receipt = try await host.inject(handle, long, InjectionOptions(guards: [.unbracketed]))
            #expect(receipt.stage == .refused(.multilineUnbracketed), "the line would be cut at 4,096 bytes")
        }
    }
}
