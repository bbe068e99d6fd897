import OrcaDomain
import OrcaEngine
import OrcaSimulation
import OrcaStore
import OrcaSupport
import Testing

/// Mail: who gets it, in which order, exactly once, and what a vanished caller leaves behind.
@Suite struct MailTests {
    private let world: EngineWorld
    private let home: WorkspaceID

    init() throws {
        world = try EngineWorld()
        home = try world.workspace.id
        for name in ["a", "b", "c"] { try world.terminal(name) }
    }

    @Test func mailIsReadOnlyWhenTheCallerSaysSo() throws {
        try world.send("one", from: "term_a", to: "term_b")
        try world.send("two", from: "term_a", to: "term_b")
        #expect(try world.take("term_b", as: "d1").map(\.subject) == ["one", "two"])
        #expect(try world.take("term_b", as: "d2").isEmpty)
        #expect(try world.take("term_b", as: "d1").map(\.subject) == ["one", "two"])
        _ = try world.mark("term_b", "d1")
        #expect(try world.take("term_b", as: "d1").isEmpty)
        #expect(
            try world.session.messages.newest(to: "term_b", in: home, before: .max, limit: 9).allSatisfy {
                !$0.isUnread
            })
    }

    @Test func mailOfAVanishedCallerComesBack() throws {
        try world.send("one", from: "term_a", to: "term_b")
        _ = try world.take("term_b", as: "d1")
        world.advance(milliseconds: Limits.takenMS - 1)
        #expect(try world.take("term_b", as: "d2").isEmpty)
        world.advance(milliseconds: 1)
        #expect(try world.take("term_b", as: "d2").map(\.subject) == ["one"])
        // The first caller comes back from the dead: what went to another is not its own any more.
        #expect(try world.mark("term_b", "d1").isEmpty)
        #expect(try world.session.messages.countUnread(of: "term_b", in: home) == 1)
    }

    @Test func aThreadStaysInOrderWhileItsOlderMailIsWithSomebody() throws {
        let first = try world.send("one", from: "term_a", to: "term_b", thread: "t")
        _ = try world.take("term_b", as: "d1")
        try world.send("two", from: "term_a", to: "term_b", thread: "t")
        try world.send("apart", from: "term_a", to: "term_b")
        #expect(try world.take("term_b", as: "d2").map(\.subject) == ["apart"])
        world.advance(milliseconds: Limits.takenMS)
        #expect(try world.take("term_b", as: "d3").map(\.subject) == ["one", "two", "apart"])
        #expect(first.messages.count == 1)
    }

    @Test func aFilterLeavesOtherMailUnread() throws {
        try world.send("plain", from: "term_a", to: "term_b")
        try world.send("help", from: "term_a", to: "term_b", type: .escalation)
        #expect(try world.take("term_b", as: "d1", types: [.escalation]).map(\.subject) == ["help"])
        #expect(try world.take("term_b", as: "d2").map(\.subject) == ["plain"])
    }

    @Test func unknownRecipientsAreRefusedAndGoneOnesAreFlagged() throws {
        let error = try refusal { try world.send("x", from: "term_a", to: "term_nobody") }
        #expect(error.code == .recipientNotFound)
        try world.exit("b")
        #expect(try world.send("x", from: "term_a", to: "term_b").states == [.gone])
        #expect(try refusal { try world.send("x", from: "term_zzz", to: "term_b") }.code == .recipientNotFound)
    }

    @Test func groupsReachEverybodyButTheSender() throws {
        let sent = try world.send("all", from: "term_a", to: "@all")
        #expect(sent.messages.map(\.to) == ["term_b", "term_c"] && sent.isGroup)
        #expect(Set(sent.messages.map(\.thread)).count == 1 && sent.messages[0].thread.hasPrefix("thread_"))
        let nobody = try refusal { try world.send("x", from: "term_a", to: "@gemini") }
        #expect(nobody.message == "No recipients resolved for group address: @gemini")
        let done = try refusal { try world.send("x", from: "term_a", to: "@all", type: .workerDone) }
        #expect(done.message.contains("not a group address"))
    }

    @Test func payloadsMustBeJSON() throws {
        #expect(
            try refusal { try world.send("x", from: "term_a", to: "term_b", payload: "{oops") }.code == .invalidArgument
        )
        #expect(try world.send("x", from: "term_a", to: "term_b", payload: "[1]").messages[0].payload == "[1]")
        #expect(try world.session.messages.countUnread(of: "term_b", in: home) == 1)
    }

    @Test func aTerminalsTokenSpeaksForThatTerminalAlone() throws {
        world.actor = Actor(
            name: "term_a", scope: .coordinator, identity: "tok", terminal: TerminalID(suffix: "a"))
        try world.send("x", from: "term_a", to: "term_b")
        #expect(try refusal { try world.send("x", from: "term_b", to: "term_a") }.code == .permissionDenied)
        #expect(try refusal { _ = try world.take("term_b", as: "d") }.code == .permissionDenied)
    }

    @Test func aReplyStaysInTheThreadAndReadsTheOriginal() throws {
        let original = try #require(try world.send("Question", from: "term_a", to: "term_b").messages.first)
        let answer = try world.reply(original.id.text, "yes")
        #expect(answer.to == "term_a" && answer.from == "term_b")
        #expect(answer.subject == "Re: Question" && answer.thread == original.id.text)
        #expect(try world.session.messages.find(original.id)?.isUnread == false)
        #expect(
            try refusal { _ = try world.reply("msg_000000000000", "x") }.message
                == "Message not found: msg_000000000000")
    }

    @Test func aMailboxHasALimit() throws {
        for number in 0..<3 { try world.send("\(number)", from: "term_a", to: "term_b") }
        #expect(try world.session.messages.countUnread(of: "term_b", in: home) == 3)
        let huge = String(repeating: "x", count: Limits.messageBodyBytesMax + 1)
        #expect(try refusal { try world.send("x", from: "term_a", to: "term_b", body: huge) }.code == .limitExceeded)
    }

    @Test func mailIsPushedOnceAndNeverAfterItWasRead() throws {
        try world.send("one", from: "term_a", to: "term_b")
        try world.send("two", from: "term_a", to: "term_b")
        let terminal = try #require(try world.session.terminals.find(TerminalID(suffix: "b")))
        let batch = try #require(try world.transact { try BeginPush.run(terminal, in: $0, $1) })
        #expect(batch.messages.map(\.subject) == ["one", "two"] && batch.text == MailBlock.pushed(batch.messages))
        #expect(try world.transact { try BeginPush.run(terminal, in: $0, $1) } == nil)
        let ids = batch.messages.map(\.id)
        try world.transact { try EndPush.run(.init(messages: ids, outcome: .refused), in: $0, $1) }
        let again = try #require(try world.transact { try BeginPush.run(terminal, in: $0, $1) })
        #expect(again.messages.count == 2)
        try world.transact { try EndPush.run(.init(messages: ids, outcome: .submitted), in: $0, $1) }
        #expect(try world.transact { try BeginPush.run(terminal, in: $0, $1) } == nil)
        // Pushed mail is still unread.
        #expect(try world.take("term_b", as: "d").count == 2)
        try world.send("three", from: "term_a", to: "term_b")
        _ = try world.take("term_b", as: "d3")
        #expect(try world.transact { try BeginPush.run(terminal, in: $0, $1) } == nil)
        _ = try world.mark("term_b", "d3")
        world.advance(milliseconds: Limits.takenMS)
        #expect(try world.transact { try BeginPush.run(terminal, in: $0, $1) } == nil)
    }

    @Test func heldMailComesAgainUntilItIsAcknowledged() throws {
        try world.send("one", from: "term_a", to: "term_b")
        #expect(try world.take("term_b", as: "d1", heldMS: Limits.heldMS).count == 1)
        world.advance(milliseconds: Limits.takenMS)
        #expect(try world.take("term_b", as: "d2").isEmpty)
        #expect(try world.mark("term_b", "d1", acknowledged: true).first?.delivery == .acknowledged)
        #expect(try refusal { _ = try world.mark("term_b", "d9", acknowledged: true) }.code == .messageNotFound)
    }
}

@Suite struct QuestionTests {
    private let world: EngineWorld
    private let home: WorkspaceID

    init() throws {
        world = try EngineWorld()
        home = try world.workspace.id
        for name in ["a", "b"] { try world.terminal(name) }
    }

    private func ask(from: String = "term_a", to: String = "term_b") throws -> Message {
        let home = home
        return try world.transact { tx, context in
            try AskQuestion.run(
                .init(workspace: home, from: from, to: to, question: "Which?", options: ["x", "y"]), in: tx, context)
        }
    }

    private func await_(_ id: MessageID, waitMS: Int64 = 60_000) throws -> Message? {
        let home = home
        return try world.transact { tx, context in
            try AwaitAnswer.run(.init(workspace: home, question: id.text, waitMS: waitMS), in: tx, context).answer
        }
    }

    @Test func anAnswerIsKeptForWhoWaitsAndDeliveredOnce() throws {
        let question = try ask()
        #expect(question.type == .decisionGate && question.subject == "Question")
        #expect(question.payload == #"{"question":"Which?","options":["x","y"]}"#)
        #expect(try await_(question.id) == nil)
        try world.send("distractor", from: "term_b", to: "term_a")
        #expect(try await_(question.id) == nil)
        _ = try world.reply(question.id.text, "y")
        // Ordinary mail is not where it comes.
        #expect(try world.take("term_a", as: "d1").map(\.subject) == ["distractor"])
        #expect(try await_(question.id)?.body == "y")
        #expect(try await_(question.id)?.body == "y")
        try world.transact { _ = try MarkAnswer.run(question.id, in: $0, $1) }
        world.advance(milliseconds: 600_000)
        #expect(try world.take("term_a", as: "d2").map(\.subject) == ["distractor"])
    }

    @Test func anAnswerNobodyWaitsForIsOrdinaryMail() throws {
        let question = try ask()
        #expect(try await_(question.id, waitMS: 1_000) == nil)
        world.advance(milliseconds: 1_000 + Limits.takenMS)
        _ = try world.reply(question.id.text, "x")
        #expect(try world.take("term_a", as: "d").map(\.body) == ["x"])
        _ = try world.mark("term_a", "d")
        // Asked for by its id it is still there.
        #expect(try await_(question.id)?.body == "x")
    }

    @Test func onlyTheFirstAnswerCounts() throws {
        let question = try ask()
        _ = try world.reply(question.id.text, "first")
        _ = try world.reply(question.id.text, "second")
        #expect(try await_(question.id)?.body == "first")
        #expect(try world.take("term_a", as: "d").map(\.body) == ["second"])
    }

    @Test func questionsToOneselfAndToGroupsAreRefused() throws {
        #expect(try refusal { _ = try ask(to: "term_a") }.code == .invalidArgument)
        #expect(
            try refusal { _ = try ask(to: "@all") }.message
                == "ask does not support group addresses; use send --type decision_gate for fan-out questions")
        #expect(try refusal { _ = try await_(MessageID(suffix: "none")) }.code == .questionNotFound)
    }

    @Test func aTerminalThatGoesClosesItsQuestions() throws {
        let question = try ask()
        let terminal = try #require(try world.session.terminals.find(TerminalID(suffix: "a")))
        #expect(try world.transact { try CloseQuestions.run(terminal, in: $0, $1) } == 1)
        #expect(try world.session.messages.question(question.id)?.status == .closed)
        _ = try world.reply(question.id.text, "late")
        #expect(try await_(question.id)?.body == "late")
    }
}
