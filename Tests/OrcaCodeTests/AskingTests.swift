import OrcaAPI
import OrcaCode
import OrcaDomain
import OrcaSupport
import Testing

/// `orca.user.ask` in scripts.
@Suite struct AskingTests {
    private func run(_ code: String, answers: [ScriptAnswer]?, on stage: Stage = Stage()) async -> ScriptReport {
        var order = ScriptOrder(code: code, caller: .owner(name: "test"), workspace: "home")
        order.answers = answers
        order.idempotencyKey = "key"
        return await ScriptRunner(performer: stage, pool: Stage.pool).run(order)
    }

    private let deploy = """
        await orca.tasks.create({ project: "API", title: "x" });
        const { answered, answer, reason } = await orca.user.ask({ question: "Deploy?", options: ["yes", "no"] });
        answered ? answer : reason
        """

    @Test func aScriptEndsWithItsQuestionAndGoesOnWithTheAnswer() async {
        let first = await run(deploy, answers: [])
        #expect(first.question == .init(text: "Deploy?", options: ["yes", "no"]))
        #expect(!first.isOK && first.error == nil && first.calls.map(\.method) == ["tasks.create", "user.ask"])
        let second = await run(deploy, answers: [.init(question: "Deploy?", action: .accept, text: "yes")])
        #expect(second.isOK && second.value == "yes", "\(second)")
        let isWhole = second.calls.allSatisfy(\.isDone)
        #expect(isWhole)
    }

    @Test(arguments: [ScriptAnswer.Action.decline, .cancel])
    func aUserMaySayNothing(action: ScriptAnswer.Action) async {
        let report = await run(deploy, answers: [.init(question: "Deploy?", action: action, text: "")])
        #expect(report.value == .string(action.rawValue))
    }

    @Test func aSecondRunRepeatsNoCallBecauseItsKeysAreTheSame() async {
        let stage = Stage()
        _ = await run(deploy, answers: [], on: stage)
        _ = await run(deploy, answers: [.init(question: "Deploy?", action: .accept, text: "yes")], on: stage)
        #expect(stage.keys == ["key:1", "key:1"])
    }

    @Test func anAnswerToAnotherQuestionIsNoAnswer() async {
        let report = await run(deploy, answers: [.init(question: "Delete?", action: .accept, text: "yes")])
        #expect(report.error?.code == "question_changed")
    }

    @Test func withoutAUserATaskGetsAGate() async {
        let stage = Stage()
        let report = await run(
            "await orca.user.ask('Deploy?', { options: ['yes', 'no'], task: 'API-1' })", answers: nil, on: stage)
        #expect(report.isOK, "\(String(describing: report.error))")
        #expect(report.value["answered"] == false)
        #expect(stage.calls == ["ListGates", "OpenGate", "GetGate"])
        #expect(report.calls.map(\.method) == ["user.ask"] && report.effects.count == 1)
    }

    @Test func withoutAUserAndATaskThereIsNobodyToAsk() async {
        let report = await run("await orca.user.ask('Deploy?')", answers: nil)
        #expect(report.error?.code == "no_user" && report.error?.hint.contains("task") == true)
    }

    @Test(arguments: [
        "orca.user.ask()", "orca.user.ask({})", "orca.user.ask({question: 1})", "orca.user.ask({question: ' '})",
        "orca.user.ask({question: 'x', options: 'a'})", "orca.user.ask({question: 'x', options: ['a', 'a']})",
        "orca.user.ask({question: 'x', option: ['a']})", "orca.user.ask({question: 'x', task: 1})",
        "orca.user.ask([1])",
    ])
    func aQuestionMustBeOne(code: String) async {
        for answers in [nil, []] as [[ScriptAnswer]?] {
            let report = await run("await " + code, answers: answers)
            #expect(report.error?.code == "invalid_argument", "\(report)")
        }
    }

    @Test func thereIsALimitToQuestions() async {
        let all = (0..<ScriptLimits.questionsMax).map { ScriptAnswer(question: "\($0)", action: .accept, text: "a") }
        let code = "for (let i = 0; i < 99; i++) await orca.user.ask({ question: String(i) })"
        let report = await run(code, answers: all)
        #expect(report.error?.code == "limit_exceeded")
    }
}
