import OrcaDomain
import Testing

@Suite struct GateTests {
    @Test(arguments: GateTrigger.allCases)
    func anOpenGateClosesOnce(trigger: GateTrigger) {
        let wanted: Gate.Status =
            switch trigger {
            case .answered: .resolved
            case .timedOut: .timeout
            case .taskLeft: .canceled
            }
        #expect(Gate.Status.pending.on(trigger) == .to(wanted))
        for closed in Gate.Status.allCases where closed != .pending {
            let answer = closed.on(trigger)
            #expect(trigger == .answered ? answer.isRejected : answer == .unchanged)
        }
    }
}

@Suite struct PromptTests {
    private static let moves: [DispatchRecord.Prompt: [DispatchRecord.Prompt.Trigger: DispatchRecord.Prompt]] = [
        .queued: [.typingBegan: .injecting, .lost: .failed],
        .injecting: [.typed: .injected, .taken: .submitted, .refused: .queued, .lost: .failed],
        .injected: [.taken: .submitted, .lost: .failed],
    ]

    @Test(arguments: DispatchRecord.Prompt.allCases, DispatchRecord.Prompt.Trigger.allCases)
    func everyCellOfTheTable(prompt: DispatchRecord.Prompt, trigger: DispatchRecord.Prompt.Trigger) {
        let answer = prompt.on(trigger)
        if let next = Self.moves[prompt]?[trigger] {
            #expect(answer == .to(next))
        } else {
            #expect(answer == .unchanged || answer.isRejected)
        }
    }

    @Test(arguments: [DispatchRecord.Prompt.injected, .submitted])
    func whatWasTypedIsNeverTypedAgain(prompt: DispatchRecord.Prompt) {
        #expect(prompt.on(.typingBegan).isRejected && prompt.on(.refused).isRejected)
    }

    @Test func aDispatchIsTheAttemptUnderAnotherPrefix() {
        let attempt = AttemptID(suffix: "0abc")
        #expect(DispatchRecord.shownID(of: attempt) == "ctx_0abc")
        #expect(DispatchRecord.attempt(shownAs: "ctx_0abc") == attempt)
        #expect(DispatchRecord.attempt(shownAs: "task_0abc") == nil)
        #expect(DispatchRecord.attempt(shownAs: "ctx_") == nil)
    }
}
