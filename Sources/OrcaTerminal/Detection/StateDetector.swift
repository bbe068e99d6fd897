/// Decides what the program in a terminal is doing, from everything that was seen of it. A value without a clock: times
/// are milliseconds of any clock that does not go back, and come with what happened.
///
/// Strongest evidence first: the process, the agent's own hooks, a title that has proven itself, progress, paste mode,
/// the screen together with quiet. What misleads is met one by one: a static title proves nothing; a hook does not tell
/// of an interrupt; a program that has written nothing is not idle; an animated boot screen is not work; between two
/// tools a title flickers.
package struct StateDetector: Sendable {
    /// What runs in the foreground of the terminal.
    package enum Foreground: Sendable, Hashable {
        case unknown
        case shell
        case program
    }

    package struct Verdict: Sendable, Hashable {
        package var state: TerminalState
        package var layer: EvidenceLayer
        package var blockedReason = ""

        package init(_ state: TerminalState, _ layer: EvidenceLayer, blockedReason: String = "") {
            self.state = state
            self.layer = layer
            self.blockedReason = blockedReason
        }
    }

    /// Evidence and the moment since which it says so.
    struct Dated<Value: Sendable & Hashable>: Sendable, Hashable {
        var value: Value
        var since: Int64
        /// When it was last said, also when it said the same.
        var seen: Int64
    }

    package internal(set) var rules: AgentRules
    /// The decision that stands, and since when.
    package internal(set) var verdict = Verdict(.starting, .none)
    package internal(set) var since: Int64
    /// Grows with every injection.
    package internal(set) var epoch: Int64 = 0
    /// The epoch in which idle was last reached.
    package internal(set) var idleEpoch: Int64 = -1
    /// Whether the agent's program ended although its shell lives on.
    package internal(set) var hasAgentEnded = false
    package internal(set) var commandExit: Int32?
    /// Whether the program in the foreground is held: it takes nothing and does nothing.
    package internal(set) var isStopped = false

    var startedAt: Int64
    var isBoot = true
    var hasEnded = false
    var firstOutput: Int64?
    var lastOutput: Int64?
    var title: Dated<TitleMeaning>?
    var isTitleProven = false
    var hook: Dated<AgentHookEvent>?
    var progress: Dated<Int>?
    var hasProgressed = false
    var pasteMode: Dated<Bool>?
    var pasteCycles = 0
    var screen: Dated<ScreenReading>?
    /// Since when every capture showed a prompt and nothing busy; `nil` when the last one did not.
    var calmSince: Int64?
    var foreground = Dated(value: Foreground.unknown, since: 0, seen: 0)
    var hasSeenProgram = false
    var injectedAt: Int64?
    var hasWorkedSinceInjection = true
    /// The program stopped to take pastes since Enter was pressed: it has taken the line.
    var hasLeftInput = true

    package init(rules: AgentRules, at now: Int64, isBoot: Bool = true) {
        self.rules = rules
        self.isBoot = isBoot
        startedAt = now
        since = now
    }

    // MARK: What happened

    /// The program wrote something.
    package mutating func wrote(at now: Int64) {
        if firstOutput == nil { firstOutput = now }
        lastOutput = now
    }

    package mutating func said(_ signal: TerminalSignal, at now: Int64) {
        switch signal {
        case .title(let text): titled(TitleMeaning.of(text, by: rules), at: now)
        case .progress(let value):
            if value == 1 || value == 3 { hasProgressed = true }
            progress = progress.map { Self.again($0, value, now) } ?? Dated(value: value, since: now, seen: now)
        case .pasteMode(let isOn):
            // On at a prompt and off again: from now on the mode tells turns, in the middle of the first one, too.
            if !isOn, pasteMode?.value == true {
                pasteCycles += 1
                hasLeftInput = true
            }
            pasteMode = pasteMode.map { Self.again($0, isOn, now) } ?? Dated(value: isOn, since: now, seen: now)
        case .agentState(let text): agentState(text, at: now)
        case .shellCommandEnd(let code): commandEnded(code, at: now)
        case .iconTitle, .notification, .shellPrompt, .shellPromptEnd, .shellCommand, .agentReport, .bell,
            .alternateScreen:
            break
        }
    }

    /// The agent's hook reported.
    package mutating func hooked(_ event: AgentHookEvent, at now: Int64) {
        hook = Dated(value: event, since: now, seen: now)
        switch event.kind {
        case .turnStart, .toolStart, .toolEnd:
            hasWorkedSinceInjection = true
            hasAgentEnded = false
        case .sessionStart: hasAgentEnded = false
        case .needsInput, .turnEnd, .error, .sessionEnd: break
        }
    }

    package mutating func captured(_ reading: ScreenReading, at now: Int64) {
        screen = screen.map { Self.again($0, reading, now) } ?? Dated(value: reading, since: now, seen: now)
        let isCalm = reading.hasPrompt && !reading.isBusy && reading.dialog == nil
        calmSince = isCalm ? (calmSince ?? now) : nil
    }

    package mutating func foreground(_ value: Foreground, isStopped: Bool = false, at now: Int64) {
        self.isStopped = isStopped
        foreground = Self.again(foreground, value, now)
        if value == .program {
            hasSeenProgram = true
            hasAgentEnded = false
            commandExit = nil
        }
    }

    /// Text was typed and Enter pressed: idle must be reached anew.
    package mutating func injected(at now: Int64) {
        epoch += 1
        injectedAt = now
        hasWorkedSinceInjection = false
        hasLeftInput = false
        calmSince = nil
        isBoot = false
    }

    /// The program in the terminal ended.
    package mutating func ended(at now: Int64) {
        hasEnded = true
        decide(at: now)
    }

    /// Another program's rules hold from now on: what the old one said counts no more.
    package mutating func adopt(_ rules: AgentRules, at now: Int64) {
        self.rules = rules
        title = nil
        isTitleProven = false
        hook = nil
        progress = nil
        pasteMode = nil
        pasteCycles = 0
        screen = nil
        calmSince = nil
        hasSeenProgram = false
        hasAgentEnded = false
        commandExit = nil
        isStopped = false
        isBoot = true
        startedAt = now
        firstOutput = nil
        set(Verdict(.starting, .none), at: now)
    }

    // MARK: Reading them

    private mutating func titled(_ meaning: TitleMeaning, at now: Int64) {
        switch meaning {
        case .working, .permission:
            isTitleProven = true
            if meaning == .working { hasWorkedSinceInjection = true }
        case .idle, .nothing: break
        }
        title = title.map { Self.again($0, meaning, now) } ?? Dated(value: meaning, since: now, seen: now)
    }

    /// A program that speaks this protocol means it: no proof is needed.
    private mutating func agentState(_ text: String, at now: Int64) {
        switch text {
        case "working", "busy", "thinking": titled(.working, at: now)
        case "idle", "done", "ready":
            isTitleProven = true
            titled(.idle, at: now)
        case "blocked", "waiting", "permission": titled(.permission, at: now)
        default: break
        }
    }

    /// The shell tells that the command it was started with has ended.
    private mutating func commandEnded(_ code: Int32?, at now: Int64) {
        guard !rules.isShell else { return }
        hasAgentEnded = true
        commandExit = code
        hook = nil
        title = nil
        isTitleProven = false
    }

    private static func again<Value>(_ dated: Dated<Value>, _ value: Value, _ now: Int64) -> Dated<Value> {
        dated.value == value
            ? Dated(value: value, since: dated.since, seen: now) : Dated(value: value, since: now, seen: now)
    }

    mutating func set(_ next: Verdict, at now: Int64) {
        if next.state != verdict.state { since = now }
        verdict = next
    }
}
