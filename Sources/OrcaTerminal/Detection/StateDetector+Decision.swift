extension StateDetector {
    /// How long evidence must hold before it counts, in milliseconds.
    package enum Patience {
        /// A hook said idle; a screen this much younger that is busy knows better.
        static let hookDoubtMS: Int64 = 1_500
        /// A hook said working; quiet for so long with a prompt on the screen means that it was interrupted.
        static let hookStuckMS: Int64 = 3_000
        /// A dialog a hook told of must be on the screen after this.
        static let dialogShowsMS: Int64 = 1_000
        static let progressEndMS: Int64 = 300
        static let pasteOnMS: Int64 = 250
        static let dialogQuietMS: Int64 = 400
        /// Bridges the flicker of a title between two tools.
        static let titleIdleMS: Int64 = 700
        /// A spinner in the title that stands still for so long is left over.
        static let titleStaleMS: Int64 = 10_000
        static let promptQuietMS: Int64 = 1_500
        static let promptAnimatedMS: Int64 = 4_000
        static let silenceMS: Int64 = 8_000
        /// A program nobody has rules for, at its start.
        static let unknownSilenceMS: Int64 = 3_000
        static let bootSilenceMS: Int64 = 20_000
        static let injectionMS: Int64 = 1_500
        /// A shell needs this long to bring a command to the foreground.
        static let shellInjectionMS: Int64 = 400
        static let agentGoneMS: Int64 = 300
        static let agentNeverCameMS: Int64 = 10_000
        static let outputMeansWorkMS: Int64 = 2_000
    }

    /// Decides anew. Answers whether the state, its reason or its epoch became different.
    @discardableResult
    package mutating func decide(at now: Int64) -> Bool {
        let before = (verdict.state, verdict.blockedReason, idleEpoch, hasAgentEnded)
        noticeAgentsEnd(at: now)
        var next = evidence(at: now)
        if next.state == .idle, !isIdleCredible(at: now) {
            // What was typed has not shown any effect yet; it may be that nothing was drawn so far.
            next = Verdict(.working, .none)
        }
        switch next.state {
        case .working, .permission, .waitingInput, .rateLimited:
            if next.layer != .none { hasWorkedSinceInjection = true }
            isBoot = false
        case .idle:
            isBoot = false
            idleEpoch = epoch
        case .starting, .exited: break
        }
        set(next, at: now)
        return before != (verdict.state, verdict.blockedReason, idleEpoch, hasAgentEnded)
    }

    /// When time alone could change the decision; `nil` when it cannot.
    package func nextDecision(after now: Int64) -> Int64? {
        if hasEnded { return nil }
        var moments: [Int64] = []
        func add(_ since: Int64?, _ delays: Int64...) {
            guard let since else { return }
            moments += delays.map { since + $0 }
        }
        add(
            lastOutput ?? startedAt, Patience.dialogQuietMS, Patience.promptQuietMS, Patience.hookStuckMS,
            Patience.unknownSilenceMS, Patience.silenceMS, Patience.bootSilenceMS)
        add(title?.since, Patience.titleIdleMS)
        add(title?.seen, Patience.titleStaleMS)
        add(hook?.since, Patience.hookDoubtMS, Patience.dialogShowsMS, Patience.titleIdleMS)
        add(progress?.since, Patience.progressEndMS)
        add(pasteMode?.since, Patience.pasteOnMS)
        add(calmSince, Patience.promptAnimatedMS)
        add(injectedAt, Patience.injectionMS, Patience.shellInjectionMS)
        add(foreground.since, Patience.agentGoneMS)
        add(startedAt, Patience.agentNeverCameMS)
        return moments.filter { $0 > now }.min()
    }

    // MARK: In order of strength

    private func evidence(at now: Int64) -> Verdict {
        if hasEnded { return Verdict(.exited, .process) }
        // Whatever its screen says, it takes no prompt.
        if isStopped { return Verdict(.working, .none) }
        if rules.isShell || hasAgentEnded { return shell() }
        // Nothing can be told before the first byte but what the agent itself reports.
        if firstOutput == nil, hook == nil { return Verdict(.starting, .none) }
        if let found = byTitleOfWork(at: now) ?? byHook(at: now) ?? byProgress(at: now) { return found }
        if let found = byPasteMode(at: now) ?? byDialog(at: now) ?? byTitleOfRest(at: now) { return found }
        return byScreen(at: now) ?? remaining(at: now)
    }

    /// A shell is idle when it is itself in the foreground.
    private func shell() -> Verdict {
        switch foreground.value {
        case .shell: firstOutput == nil ? Verdict(.starting, .none) : Verdict(.idle, .process)
        case .program: Verdict(.working, .process)
        case .unknown: hasAgentEnded ? Verdict(.idle, .process) : Verdict(.starting, .none)
        }
    }

    private func byTitleOfWork(at now: Int64) -> Verdict? {
        switch title?.value {
        case .permission: return Verdict(.permission, .title, blockedReason: dialogReason ?? "permission-prompt")
        case .working:
            guard let title else { return nil }
            let isStale =
                rules.hasAnimatedTitle && now - title.seen >= Patience.titleStaleMS
                && isQuiet(for: Patience.hookStuckMS, at: now) && isCalm
            if isStale { return nil }
            if let hook, hook.value.kind == .turnEnd, hook.since > title.seen { return nil }
            return limited(Verdict(.working, .title))
        case .idle, .nothing, nil: return nil
        }
    }

    private func byHook(at now: Int64) -> Verdict? {
        guard let hook else { return nil }
        let newerScreen = screen.flatMap { $0.seen >= hook.since + Patience.hookDoubtMS ? $0.value : nil }
        switch hook.value.kind {
        case .turnEnd, .sessionEnd:
            if let newerScreen, newerScreen.isBusy { return Verdict(.working, .screen) }
            if let newerScreen, newerScreen.dialog != nil { return nil }
            return Verdict(.idle, .hook)
        case .sessionStart:
            // It says so before its prompt takes text.
            guard isCalm || now - hook.since >= Patience.promptQuietMS, firstOutput != nil else { return nil }
            if let value = screen?.value, value.isBusy || value.dialog != nil { return nil }
            return Verdict(.idle, .hook)
        case .needsInput: return byHookOfNeed(hook, at: now)
        case .turnStart, .toolStart, .toolEnd:
            if let dialog = screen?.value.dialog, isQuiet(for: Patience.dialogQuietMS, at: now) {
                return blocked(dialog, .screen)
            }
            let isStuck = now - hook.since >= Patience.hookStuckMS && isQuiet(for: Patience.hookStuckMS, at: now)
            if isStuck, isCalm { return Verdict(.idle, .screen) }
            return Verdict(.working, .hook)
        case .error:
            guard hook.value.detail.hasPrefix("rate") else { return nil }
            return Verdict(.rateLimited, .hook, blockedReason: "rate-limited")
        }
    }

    private func byHookOfNeed(_ hook: Dated<AgentHookEvent>, at now: Int64) -> Verdict? {
        if hook.value.detail.hasPrefix("idle") { return Verdict(.idle, .hook) }
        let isPermission = hook.value.detail.isEmpty || hook.value.detail.hasPrefix("permission")
        // Once the dialog has gone from the screen it was answered, whether or not a hook said so.
        if let screen, screen.seen >= hook.since + Patience.dialogShowsMS, screen.value.dialog == nil,
            screen.value.isBusy || screen.value.hasPrompt
        {
            return nil
        }
        return Verdict(
            isPermission ? .permission : .waitingInput, .hook,
            blockedReason: dialogReason ?? (isPermission ? "permission-prompt" : "question"))
    }

    private func byProgress(at now: Int64) -> Verdict? {
        guard let progress, hasProgressed else { return nil }
        switch progress.value {
        case 1, 3: return Verdict(.working, .progress)
        case 0:
            return now - progress.since >= Patience.progressEndMS
                ? idleUnlessBlocked(.progress) : Verdict(.working, .progress)
        default: return nil
        }
    }

    private func byPasteMode(at now: Int64) -> Verdict? {
        guard rules.pasteModeTellsTurns, pasteCycles > 0, let pasteMode else { return nil }
        if let dialog = screen?.value.dialog, isQuiet(for: Patience.dialogQuietMS, at: now) {
            return blocked(dialog, .screen)
        }
        if !pasteMode.value { return limited(Verdict(.working, .pasteMode)) }
        return now - pasteMode.since >= Patience.pasteOnMS
            ? idleUnlessBlocked(.pasteMode) : Verdict(.working, .pasteMode)
    }

    private func byDialog(at now: Int64) -> Verdict? {
        guard let dialog = screen?.value.dialog, isQuiet(for: Patience.dialogQuietMS, at: now) else { return nil }
        return blocked(dialog, .screen)
    }

    private func byTitleOfRest(at now: Int64) -> Verdict? {
        guard isTitleProven, let title, title.value == .idle else { return nil }
        if now - title.since >= Patience.titleIdleMS { return idleUnlessBlocked(.title) }
        // Between two tools the title says idle for a moment.
        return verdict.state == .working ? Verdict(.working, .title) : nil
    }

    private func byScreen(at now: Int64) -> Verdict? {
        guard let reading = screen?.value else { return nil }
        if reading.isBusy { return limited(Verdict(.working, .screen)) }
        guard reading.hasPrompt || reading.isReady, reading.dialog == nil else { return nil }
        if isQuiet(for: Patience.promptQuietMS, at: now) { return idleUnlessBlocked(.screen) }
        if let calmSince, now - calmSince >= Patience.promptAnimatedMS { return idleUnlessBlocked(.screen) }
        return nil
    }

    /// Nothing speaks for anything: what was decided stands, until it is quiet for long.
    private func remaining(at now: Int64) -> Verdict {
        let silence =
            isBoot
            ? (rules.promptRows.isEmpty ? Patience.unknownSilenceMS : Patience.bootSilenceMS) : Patience.silenceMS
        if isQuiet(for: silence, at: now), screen?.value.isBusy != true {
            return idleUnlessBlocked(.quiet)
        }
        switch verdict.state {
        case .idle where isStillDrawing(at: now) && rules.promptRows.isEmpty: return Verdict(.working, .quiet)
        case .idle, .working, .starting: return verdict
        case .waitingInput, .permission, .rateLimited: return Verdict(.working, .none)
        case .exited: return verdict
        }
    }

    // MARK: What they share

    /// It wants an answer, or everything it can give is used up.
    private func idleUnlessBlocked(_ layer: EvidenceLayer) -> Verdict {
        if let dialog = screen?.value.dialog { return blocked(dialog, .screen) }
        if screen?.value.isRateLimited == true {
            return Verdict(.rateLimited, .screen, blockedReason: "rate-limited")
        }
        return Verdict(.idle, layer)
    }

    /// Working, or waiting for a limit to end while it says so.
    private func limited(_ working: Verdict) -> Verdict {
        guard screen?.value.isRateLimited == true, screen?.value.isBusy != true else { return working }
        return Verdict(.rateLimited, .screen, blockedReason: "rate-limited")
    }

    private func blocked(_ dialog: AgentRules.Dialog, _ layer: EvidenceLayer) -> Verdict {
        Verdict(dialog.isPermission ? .permission : .waitingInput, layer, blockedReason: dialog.reason)
    }

    private var dialogReason: String? { screen?.value.dialog?.reason }

    private var isCalm: Bool { calmSince != nil }

    private func isQuiet(for duration: Int64, at now: Int64) -> Bool {
        guard let lastOutput else { return false }
        return now - lastOutput >= duration
    }

    /// Has written for a while without a pause, and goes on.
    private func isStillDrawing(at now: Int64) -> Bool {
        guard let lastOutput else { return false }
        return now - lastOutput < 500 && now - since >= Patience.outputMeansWorkMS
    }

    private func isIdleCredible(at now: Int64) -> Bool {
        guard let injectedAt, !hasWorkedSinceInjection else { return true }
        let isShell = rules.isShell || hasAgentEnded
        return now - injectedAt >= (isShell ? Patience.shellInjectionMS : Patience.injectionMS)
    }

    /// An agent whose shell is in the foreground has ended, or never came.
    private mutating func noticeAgentsEnd(at now: Int64) {
        guard !rules.isShell, !hasAgentEnded, !hasEnded, foreground.value == .shell else { return }
        let isOver =
            hasSeenProgram
            ? now - foreground.since >= Patience.agentGoneMS : now - startedAt >= Patience.agentNeverCameMS
        guard isOver else { return }
        hasAgentEnded = true
        hook = nil
        title = nil
        isTitleProven = false
    }
}
