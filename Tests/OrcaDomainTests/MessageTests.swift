import OrcaDomain
import Testing

private let now = Timestamp(milliseconds: 1_767_225_600_123)

private func message(_ type: MessageType = .status, to: String = "term_b") -> Message {
    Message(
        id: MessageID(suffix: "0123456789ab"), workspace: WorkspaceID(suffix: "w"), from: "term_a", to: to, type: type,
        subject: "Hello", at: now)
}

private func terminal(
    kind: String = "", title: String = "", name: String = "", state: Terminal.State = .idle, worktree: String = ""
) -> Terminal {
    var terminal = Terminal(
        id: TerminalID(suffix: "1"), workspace: WorkspaceID(suffix: "w"), directory: "/", createdBy: "me", at: now)
    terminal.kind = kind
    terminal.title = title
    terminal.name = name
    terminal.state = state
    terminal.worktree = worktree
    return terminal
}

@Suite struct MessageTests {
    /// The whole table, so that no pair is decided by chance.
    @Test func everyDeliveryStateAnswersEveryTrigger() {
        var told: [String] = []
        for state in MessageDelivery.allCases {
            for trigger in MessageDelivery.Trigger.allCases {
                let answer =
                    switch state.on(trigger) {
                    case .to(let next): next.rawValue
                    case .unchanged: "="
                    case .rejected: "!"
                    }
                told.append("\(state.rawValue) \(trigger): \(answer)")
            }
        }
        #expect(
            told == [
                "queued injected: injected", "queued submitted: !", "queued requeued: =", "queued read: read",
                "queued acknowledged: acknowledged", "injected injected: !", "injected submitted: submitted",
                "injected requeued: queued", "injected read: read", "injected acknowledged: acknowledged",
                "submitted injected: !", "submitted submitted: =", "submitted requeued: !", "submitted read: read",
                "submitted acknowledged: acknowledged", "read injected: !", "read submitted: =", "read requeued: =",
                "read read: =", "read acknowledged: acknowledged", "acknowledged injected: !",
                "acknowledged submitted: =", "acknowledged requeued: =", "acknowledged read: =",
                "acknowledged acknowledged: =",
            ])
    }

    @Test func theLedgerKeepsTheFirstTimeOfEveryStep() {
        var mail = message()
        _ = mail.note(.injected, at: now)
        _ = mail.note(.read, at: now.adding(milliseconds: 5))
        _ = mail.note(.acknowledged, at: now.adding(milliseconds: 9))
        #expect(mail.injectedAt == now && mail.readAt == now.adding(milliseconds: 5))
        #expect(mail.acknowledgedAt == now.adding(milliseconds: 9) && !mail.isUnread)
    }

    @Test(arguments: [
        ("term_1", MailAddress.terminal(TerminalID(suffix: "1"))), ("agent:bob", .agent("bob")),
        ("run_0123", .run(RunID(stored: "run_0123"))), ("run:run_0123", .run(RunID(stored: "run_0123"))),
        ("coordinator", .coordinator), ("@ALL", .group(.all)), ("@idle", .group(.idle)),
        ("@worktree:Repo::/A/b", .group(.worktree("Repo::/A/b"))), ("@Claude", .group(.agents("claude"))),
        ("", .unknown), ("agent:", .unknown), ("bob", .unknown), ("@", .group(.agents(""))),
    ])
    func addressesAreReadAsTheyAreWritten(word: String, address: MailAddress) {
        #expect(MailAddress(word) == address)
    }

    @Test(arguments: [
        ("Claude Code", true), ("claude", true), ("✳ CLAUDE: fix it", true), ("openclaude", false),
        ("claude-agent", false), ("~/claude/x", false), ("claude.md", false), ("claude2", false), ("", false),
    ])
    func aTitleNamesAnAgentAsAWordOfItsOwn(title: String, names: Bool) {
        #expect(MailGroup.namesAgent(title, "claude") == names)
    }

    @Test func groupsAreFoundByKindAndByTitle() {
        #expect(MailGroup("@claude").includes(terminal(kind: "claude", title: "fix the login")))
        #expect(MailGroup("@claude").includes(terminal(title: "Claude")))
        #expect(!MailGroup("@claude").includes(terminal(kind: "codex", title: "Codex")))
        #expect(MailGroup("@idle").includes(terminal(state: .idle)))
        #expect(!MailGroup("@idle").includes(terminal(state: .working)))
        #expect(MailGroup("@worktree:r::/a").includes(terminal(worktree: "r::/a")))
        #expect(!MailGroup("@worktree:").includes(terminal(worktree: "")))
        #expect(!MailGroup("@").includes(terminal(title: "anything")))
    }

    @Test func mailIsShownInBanners() {
        var mail = message(.workerDone)
        mail.priority = .urgent
        mail.body = "It is done.\u{1B}[2J"
        mail.payload = #"{"taskId":"t"}"#
        #expect(
            MailBlock.banners([mail]) == """
                ──── From: TERM_A (term_a) [URGENT] (worker_done) ────
                Subject: Hello
                It is done.\u{FFFD}[2J
                [Payload: {"taskId":"t"}]
                [Reply: orca orchestration reply --id msg_0123456789ab --body "..."]
                ────────────────────────────────────────────────────────────
                """)
        let block = MailBlock.pushed([message(), message()])
        #expect(block.hasPrefix("\n--- Orchestration Messages (2) ---\n──── From: TERM_A (term_a) (status) ────\n"))
        #expect(block.hasSuffix("─\n---\n") && block.contains("─\n\n────"))
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (1_767_225_600_123, "2026-01-01T00:00:00.123Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ])
    func timesAreWrittenAsRFC3339(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
    }

    @Test func theFirstAnswerOfAQuestionCounts() {
        #expect(Question.Status.pending.on(.answered) == .to(.answered))
        #expect(Question.Status.answered.on(.answered) == .unchanged)
        #expect(Question.Status.answered.on(.closed) == .unchanged)
        #expect(Question.Status.closed.on(.answered) == .to(.answered))
        #expect(Question.Status.pending.on(.closed) == .to(.closed))
        #expect(Question.Status.closed.on(.closed) == .unchanged)
    }
}
