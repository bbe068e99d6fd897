import OrcaSupport
import OrcaTerminal

/// Everything that is known of one terminal; changed under its pane's lock only.
struct PaneState: Sendable {
    var facts: TerminalFacts
    /// The agent it was opened for; empty for a shell.
    let declaredKind: String
    let isShellRooted: Bool
    /// The first process for good; `nil` when it had ended before it was looked at.
    var root: ProcessEntry.Identity?
    var server: String
    /// When this server of ours opened it or took it over.
    let openedAt: Int64
    /// Milliseconds since 1970, for what others are told.
    let time: @Sendable () -> Int64
    var transcript: Transcript
    var scanner = ByteScanner()
    var lines: LineBuffer
    var detector: StateDetector
    var title: String?
    var programTitle = ""
    var isAlternate = false
    var exit: TerminalExit?
    var isClosed = false
    var lastOutput: Int64?
    var lastOutputAtMS: Int64?
    var lastHumanInput: Int64?
    var screen: TerminalScreen?
    // What is due: looks at the screen and at the process.
    var capturedAt: Int64 = 0
    var isCapturing = false
    var needsCapture = true
    var lookedAt: Int64 = 0
    var needsLook = true
    var savedAt: Int64 = 0
    var needsSave = true

    static let captureQuietMS: Int64 = 250
    static let captureEveryMS: Int64 = 1_000
    static let lookEveryMS: Int64 = 5_000
    static let saveEveryMS: Int64 = 1_000

    init(
        facts: TerminalFacts, declaredKind: String, isShellRooted: Bool, server: String, rules: AgentRules,
        transcript: Transcript, now: Int64, time: @escaping @Sendable () -> Int64
    ) {
        self.time = time
        self.facts = facts
        self.declaredKind = declaredKind
        self.isShellRooted = isShellRooted
        self.server = server
        openedAt = now
        self.transcript = transcript
        root = ProcessTable.entry(facts.pid)?.identity
        lines = LineBuffer(firstLine: transcript.restart.line)
        detector = StateDetector(rules: rules, at: now)
    }

    var isLive: Bool { exit == nil && !isClosed }

    /// Takes in what the program wrote. Answers whether there is more.
    mutating func ingest(at now: Int64) -> Bool {
        let bytes = transcript.next()
        guard !bytes.isEmpty else { return false }
        detector.wrote(at: now)
        lastOutput = now
        lastOutputAtMS = HostClock.wall(now, by: time)
        needsCapture = true
        needsLook = true
        needsSave = true
        var scanner = scanner
        scanner.scan(bytes) { piece in
            lines.apply(piece)
            if case .signal(let signal) = piece { took(signal, at: now) }
        }
        self.scanner = scanner
        if scanner.isAtRest {
            // A program that paints never ends a line: then what stands there is given up now and then.
            let isOverdue =
                transcript.offset - transcript.marks[transcript.marks.count - 1].offset >= Transcript.punchBytes
            if isOverdue { lines.dropPartial() }
            if lines.isAtLineStart { transcript.mark(line: lines.next, force: isOverdue) }
        }
        return bytes.count == Transcript.partBytesMax
    }

    private mutating func took(_ signal: TerminalSignal, at now: Int64) {
        detector.said(signal, at: now)
        switch signal {
        case .title(let text): programTitle = text
        case .iconTitle(let text): if programTitle.isEmpty { programTitle = text }
        case .alternateScreen(let isOn): isAlternate = isOn
        case .notification, .progress, .shellPrompt, .shellPromptEnd, .shellCommand, .shellCommandEnd, .agentState,
            .agentReport, .bell, .pasteMode:
            break
        }
    }

    /// When this pane must be looked after next, whatever happens in between.
    func due(after now: Int64) -> Int64? {
        guard isLive else { return needsSave ? savedAt + Self.saveEveryMS : nil }
        var moments = [lookedAt + Self.lookEveryMS]
        if let decision = detector.nextDecision(after: now) { moments.append(decision) }
        if needsCapture, !isCapturing, !detector.rules.isShell { moments.append(captureDue) }
        if needsLook { moments.append(lookDue) }
        if needsSave { moments.append(savedAt + Self.saveEveryMS) }
        return moments.min()
    }

    /// When it is quiet, or once a second.
    var captureDue: Int64 {
        max(capturedAt + 50, min((lastOutput ?? 0) + Self.captureQuietMS, capturedAt + Self.captureEveryMS))
    }
    var lookDue: Int64 {
        max(lookedAt + 50, min((lastOutput ?? 0) + Self.captureQuietMS, lookedAt + Self.captureEveryMS))
    }

    var status: TerminalStatus {
        var status = TerminalStatus(handle: facts.handle, state: detector.verdict.state, agentKind: facts.agentKind)
        status.layer = detector.verdict.layer
        status.blockedReason = detector.verdict.blockedReason
        status.sinceMS = HostClock.wall(detector.since, by: time)
        status.epoch = detector.epoch
        status.idleEpoch = detector.idleEpoch
        status.isAgentAlive = !facts.agentKind.isEmpty && isLive && !detector.hasAgentEnded
        status.isStopped = detector.isStopped
        status.commandExit = detector.commandExit
        status.exit = exit
        status.title = title ?? programTitle
        status.programTitle = programTitle
        status.lastOutputAtMS = lastOutputAtMS
        status.lastHumanInputAtMS = lastHumanInput.map { HostClock.wall($0, by: time) }
        status.preview = lines.preview
        return status
    }

    var checkpoint: Checkpoint {
        var point = Checkpoint()
        point.handle = facts.handle
        point.paneID = facts.paneID
        point.tabID = facts.tabID
        point.pid = facts.pid
        point.startTime = root?.startTime ?? 0
        point.agentKind = facts.agentKind
        point.declaredKind = declaredKind
        point.directory = facts.directory
        point.labels = facts.labels
        point.createdAtMS = facts.createdAtMS
        point.isShellRooted = isShellRooted
        point.server = server
        point.title = title
        point.programTitle = programTitle
        point.mark = transcript.restart
        point.memory = detector.memory
        point.exit = exit
        point.lastOutputAtMS = lastOutputAtMS
        return point
    }
}
