import OrcaTerminal
import Testing

/// What misleads about programs in terminals, one by one, under a clock that the tests set.
@Suite struct StateDetectorTests {
    /// A detector, and the moment it is.
    private struct World {
        var detector: StateDetector
        var now: Int64 = 1_000

        init(_ agent: String) {
            detector = StateDetector(rules: AgentRuleBook.builtIn.rules(for: agent), at: 1_000)
        }

        /// Lets time pass in small steps, as the watch does, and answers the states that were gone through.
        @discardableResult
        mutating func pass(_ milliseconds: Int64) -> [TerminalState] {
            var states: [TerminalState] = []
            let end = now + milliseconds
            while now < end {
                now = min(end, detector.nextDecision(after: now) ?? end)
                detector.decide(at: now)
                if states.last != detector.verdict.state { states.append(detector.verdict.state) }
            }
            return states
        }

        mutating func write() { detector.wrote(at: now) }

        mutating func title(_ text: String) {
            detector.wrote(at: now)
            detector.said(.title(text), at: now)
            detector.decide(at: now)
        }

        mutating func paste(_ isOn: Bool) {
            detector.wrote(at: now)
            detector.said(.pasteMode(isOn), at: now)
            detector.decide(at: now)
        }

        mutating func screen(_ rows: String...) {
            let screen = TerminalScreen(rows: rows, cursorColumn: 0, cursorRow: rows.count - 1, isAlternate: false)
            detector.captured(detector.rules.read(screen), at: now)
            detector.decide(at: now)
        }

        mutating func hook(_ kind: AgentHookEvent.Kind, _ detail: String = "") {
            detector.hooked(AgentHookEvent(kind, detail: detail), at: now)
            detector.decide(at: now)
        }

        var state: TerminalState { detector.verdict.state }
        var isIdleSinceInput: Bool { state == .idle && detector.idleEpoch >= detector.epoch }
    }

    @Test func nothingIsIdleBeforeItsFirstByte() {
        var world = World("claude")
        let early = world.pass(120_000)
        #expect(early == [.starting])
    }

    @Test func aTitleThatNeverSaidWorkingProvesNothing() {
        var world = World("claude")
        world.title("✳ Claude Code")
        world.screen("✻ Burrowing… (3s · esc to interrupt)", "❯ ")
        let early = world.pass(60_000)
        #expect(!early.contains(.idle))
    }

    @Test func aProvenTitleSaysIdleOnceItStands() {
        var world = World("claude")
        world.title("⠂ Fix it")
        world.pass(3_000)
        world.title("✳ Fix it")
        let early = world.pass(600)
        #expect(early == [.working])
        let later = world.pass(200)
        #expect(later.last == .idle)
    }

    @Test func aTitleThatFlickersBetweenTwoToolsIsWork() {
        var world = World("claude")
        world.title("⠂ Fix it")
        for _ in 0..<10 {
            let early = world.pass(500)
            #expect(early == [.working])
            world.title("✳ Fix it")
            let later = world.pass(250)
            #expect(later == [.working])
            world.title("⠐ Fix it")
        }
    }

    @Test func anInterruptThatNoHookTellsOfIsSeenOnTheScreen() {
        var world = World("claude")
        world.write()
        world.hook(.turnStart)
        let early = world.pass(10_000)
        #expect(early == [.working])
        world.write()
        world.screen("⎿ Interrupted", "❯ ")
        let later = world.pass(2_500)
        #expect(later == [.working])
        let last = world.pass(1_000)
        #expect(last.last == .idle)
    }

    @Test func aHookThatSaysTheTurnHasEndedIsDoubtedWhenTheScreenIsBusyLater() {
        var world = World("claude")
        world.write()
        world.hook(.turnStart)
        world.hook(.turnEnd)
        #expect(world.state == .idle)
        world.pass(1_600)
        world.write()
        world.screen("✻ Burrowing… (3s · esc to interrupt)", "❯ ")
        #expect(world.state == .working)
    }

    @Test func aBootScreenThatAnimatesForEverIsIdleOnlyWithItsPrompt() {
        var world = World("mistral-vibe")
        for _ in 0..<40 {
            world.write()
            world.screen("Loading", "…")
            let early = world.pass(250)
            #expect(!early.contains(.idle))
        }
        var states: [TerminalState] = []
        for _ in 0..<40 {
            world.write()
            world.screen("~ animated ~", "> ")
            states += world.pass(250)
        }
        #expect(states.last == .idle)
    }

    @Test func pasteModeTellsAlreadyTheFirstTurn() {
        var world = World("aider")
        world.paste(true)
        world.screen("calc.py", "diff> ")
        world.pass(5_000)
        #expect(world.state == .idle)
        world.detector.injected(at: world.now)
        world.paste(false)
        world.screen("calc.py", "diff> change it", "Applied edit")
        // A test it runs may take long and print nothing.
        let early = world.pass(600_000)
        #expect(early == [.working])
        world.paste(true)
        let later = world.pass(300)
        #expect(later.last == .idle)
        #expect(world.isIdleSinceInput)
    }

    @Test func idleOfBeforeIsNoAnswerToANewPrompt() {
        var world = World("codex")
        world.write()
        world.screen("›")
        world.pass(5_000)
        #expect(world.isIdleSinceInput)
        world.detector.injected(at: world.now)
        world.detector.decide(at: world.now)
        #expect(!world.isIdleSinceInput)
        let early = world.pass(1_400)
        #expect(early == [.working], "nothing was drawn so far")
        world.title("⠋ project")
        world.pass(2_000)
        #expect(!world.isIdleSinceInput)
        world.title("project")
        world.screen("• Done.", "›")
        world.pass(3_000)
        #expect(world.isIdleSinceInput)
    }

    @Test func aDialogIsNamedAndGoesWhenItWasAnswered() {
        var world = World("claude")
        world.write()
        world.screen("Do you want to proceed?", "❯ 1. Yes", "  2. No")
        world.pass(500)
        #expect(world.state == .permission && world.detector.verdict.blockedReason == "permission-prompt")
        world.write()
        world.screen("✻ Burrowing… (1s · esc to interrupt)", "❯ ")
        #expect(world.state == .working)
    }

    @Test func aRateLimitIsNeitherIdleNorWork() {
        var world = World("codex")
        world.title("⠋ project")
        world.pass(2_000)
        world.title("project")
        world.screen("You've hit your usage limit.", "›")
        world.pass(20_000)
        #expect(world.state == .rateLimited && world.detector.verdict.blockedReason == "rate-limited")
    }

    @Test func anAgentWhoseShellIsInTheForegroundHasEnded() {
        var world = World("claude")
        world.title("⠂ Fix it")
        world.detector.foreground(.program, at: world.now)
        world.pass(5_000)
        world.detector.foreground(.shell, at: world.now)
        world.pass(400)
        #expect(world.detector.hasAgentEnded)
        #expect(world.state == .idle, "the shell waits")
    }

    @Test func aProgramThatIsHeldTakesNothing() {
        var world = World("claude")
        world.title("⠂ Fix it")
        world.title("✳ Fix it")
        world.pass(2_000)
        #expect(world.state == .idle)
        world.detector.foreground(.program, isStopped: true, at: world.now)
        let early = world.pass(60_000)
        #expect(early.last == .working)
        world.detector.foreground(.program, isStopped: false, at: world.now)
        let later = world.pass(1_000)
        #expect(later.last == .idle)
    }

    @Test func decidingAgainAtTheSameMomentChangesNothing() {
        for agent in AgentRuleBook.builtIn.ids {
            var world = World(agent)
            world.title("⠂ Working")
            world.paste(true)
            world.screen("esc to interrupt", "> ")
            for step in 0..<200 {
                world.pass(137)
                if step % 50 == 0 { world.paste(step % 100 == 0) }
                let before = world.detector.verdict
                let isNews = world.detector.decide(at: world.now)
                #expect(!isNews, "\(agent), step \(step)")
                #expect(world.detector.verdict == before)
                // A decision that is due now and changes nothing would be due for ever.
                #expect(world.detector.nextDecision(after: world.now) ?? .max > world.now)
            }
        }
    }

    @Test func whatANewServerRemembersGoesOnWhereTheOldOneStopped() {
        var world = World("aider")
        world.paste(true)
        world.screen("diff> ")
        world.pass(5_000)
        world.detector.injected(at: world.now)
        world.paste(false)
        let memory = DetectorMemory(json: world.detector.memory.json)
        #expect(memory == world.detector.memory)
        var next = World("aider")
        next.detector.recall(memory, at: next.now)
        let seen = next.pass(60_000)
        #expect(seen == [.working], "the test it runs goes on")
        next.paste(true)
        next.pass(300)
        #expect(next.isIdleSinceInput)
    }
}
