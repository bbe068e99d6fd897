import Glibc
import OrcaSupport
package import OrcaTerminal
import Synchronization

/// Types one text into one terminal, step by step, and watches whether it was taken. Blocks.
struct Injector {
    /// Bytes of a text in one command to tmux.
    private static let partBytes = 48 << 10
    /// A program without bracketed paste reads lines of at most this many bytes.
    private static let cookedLineMax = 4_095
    /// How often the terminal is looked at while something is awaited.
    private static let lookEveryMS: Int64 = 20
    /// Bytes a program surely reads in a millisecond: how much longer than for a short text it gets.
    private static let bytesPerMS = 50

    let host: TmuxHost
    let pane: Pane
    let options: InjectionOptions

    private var target: String { pane.facts.paneID }

    func run(_ original: String) throws(TerminalError) -> InjectionReceipt {
        guard original.utf8.count <= TerminalLimits.textBytesMax else {
            throw TerminalError(
                .invalid,
                "The text has \(original.utf8.count) bytes; at most \(TerminalLimits.textBytesMax >> 20) MiB can be typed. Put it into a file and name the file."
            )
        }
        let text = PromptText.sanitized(original)
        guard pane.turns.take(until: .after(.milliseconds(TerminalLimits.injectionQueueMS))) else {
            return InjectionReceipt(.refused(.busy))
        }
        defer { pane.turns.give() }
        let control = try host.connected()
        if let reason = try refusal(text, control) { return InjectionReceipt(.refused(reason)) }
        do throws(TerminalError) {
            return try typed(text, control)
        } catch {
            // The pane has gone from under us; what else tmux refuses would be a mistake of ours.
            throw error.code == .invalid && !isThere(control) ? .gone(pane.handle) : error
        }
    }

    // MARK: Whether

    private func refusal(_ text: String, _ control: ControlClient) throws(TerminalError) -> InjectionReceipt
        .RefusedReason?
    {
        guard pane.isLive else { return .gone }
        host.ingest(pane)
        let status = pane.status
        let guards = options.guards
        if guards.contains(.agent), !status.isAgentAlive { return .noAgent }
        if guards.contains(.permission), status.state.isBlocked { return .permission }
        if guards.contains(.busy), status.isAgentAlive, isBusy(status) { return .busy }
        if guards.contains(.typing), try isTyping(control) { return .typing }
        if guards.contains(.unbracketed), !pane.look({ $0.detector.acceptsPaste }) {
            let isTooLong = text.utf8.split(separator: 0x0A).contains { $0.count > Self.cookedLineMax }
            if PromptText.isMultiline(text) || isTooLong { return .multilineUnbracketed }
        }
        return nil
    }

    private func isBusy(_ status: TerminalStatus) -> Bool {
        switch status.state {
        case .working, .starting, .rateLimited: true
        case .idle, .waitingInput, .permission, .exited: false
        }
    }

    private func isTyping(_ control: ControlClient) throws(TerminalError) -> Bool {
        let keys = host.typing.lastKeys(try control.run([TypingWatch.command])[0])
        guard let last = keys[target] else { return false }
        let now = SystemTime.wallMilliseconds()
        pane.change { $0.lastHumanInput = HostClock.now - max(0, now - last) }
        return TypingWatch.isTyping(last, now: now)
    }

    private func isThere(_ control: ControlClient) -> Bool {
        // No answer is no pane.
        let answer = try? control.run(["display-message -p -t \(target) \"#{pane_dead}\""])
        return answer?.first?.first == "0"
    }

    // MARK: How

    private func typed(_ text: String, _ control: ControlClient) throws(TerminalError) -> InjectionReceipt {
        let bytes = text.utf8.count
        let leaveMode = "if-shell -F -t \(target) \"#{pane_in_mode}\" \"copy-mode -q -t \(target)\""
        if !text.isEmpty {
            try paste(text, leaveMode, control)
        }
        guard options.submits else { return receipt(.written, bytes) }
        let before = text.isEmpty ? nil : try settled(bytes)
        if try mustNotSubmit(control) { return receipt(.written, bytes) }
        let rules = pane.look { $0.detector.rules }
        let regionBefore = before.map { InputRegion($0, by: rules) }
        host.publish(pane.change { $0.detector.injected(at: HostClock.now) })
        _ = try control.run([leaveMode, "send-keys -t \(target) Enter"])
        guard options.verifyMS > 0 else { return receipt(.written, bytes + 1) }
        let patience = options.verifyMS + Int64(bytes / Self.bytesPerMS)
        let isTaken = try watch(regionBefore, InputRegion.tail(of: text), leaveMode, patience, control)
        return receipt(isTaken ? .submitted : .unconfirmed, bytes + 1)
    }

    private func receipt(_ stage: InjectionReceipt.Stage, _ bytes: Int) -> InjectionReceipt {
        InjectionReceipt(stage, bytesWritten: bytes, epoch: pane.look { $0.detector.epoch })
    }

    /// One paste, whatever its length: the parts are put together in tmux.
    private func paste(_ text: String, _ leaveMode: String, _ control: ControlClient) throws(TerminalError) {
        let buffer = "orca-\(target.dropFirst())"
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: Self.partBytes) {
            // Bytes are quoted one by one, so a part may end within a character.
            let part = TmuxQuoting.word(bytes: bytes[start..<min(bytes.count, start + Self.partBytes)])
            _ = try control.run(["set-buffer \(start == 0 ? "" : "-a ")-b \(buffer) -- \(part)"])
        }
        _ = try control.run([leaveMode, "paste-buffer -p -d -b \(buffer) -t \(target)"])
    }

    /// Waits until the program has had time to read the paste; answers what it shows then.
    private func settled(_ bytes: Int) throws(TerminalError) -> TerminalScreen {
        let start = HostClock.now
        let longest = start + TerminalLimits.enterGapMS + Int64(bytes / Self.bytesPerMS)
        var now = start
        while true {
            host.ingest(pane)
            let quietSince = pane.look { max($0.lastOutput ?? start, start) }
            now = HostClock.now
            if now - quietSince >= TerminalLimits.enterGapMS || now >= longest + TerminalLimits.enterGapMS { break }
            let next = min(quietSince, longest) + TerminalLimits.enterGapMS
            _ = Poll.readable([], until: .after(.milliseconds(max(1, next - now))))
        }
        return try host.screenNow(pane)
    }

    /// A dialog came up or somebody began to type: Enter would answer the one and send the other's words.
    private func mustNotSubmit(_ control: ControlClient) throws(TerminalError) -> Bool {
        if options.guards.contains(.permission) {
            let dialog = pane.look { state in state.screen.flatMap { state.detector.rules.read($0).dialog } }
            if dialog != nil { return true }
        }
        return options.guards.contains(.typing) ? try isTyping(control) : false
    }

    /// Looks for work, or for an input that was emptied. Presses Enter again when nothing of the kind shows.
    private func watch(
        _ before: InputRegion?, _ tail: String, _ leaveMode: String, _ patience: Int64, _ control: ControlClient
    ) throws(TerminalError) -> Bool {
        let start = HostClock.now
        var pressedAt = start
        var retries = 0
        var lastSeen: Int64 = -1
        while true {
            host.ingest(pane)
            let (hasReacted, output, isLive) = pane.look {
                ($0.detector.hasReactedToInput, $0.lastOutput ?? 0, $0.isLive)
            }
            if hasReacted || !isLive { return hasReacted }
            let now = HostClock.now
            if output != lastSeen || retries > 0 {
                lastSeen = output
                let screen = try host.screenNow(pane)
                let rules = pane.look { $0.detector.rules }
                if rules.read(screen).isBusy { return true }
                let region = InputRegion(screen, by: rules)
                if let before, region.showsTaken(before: before, tail: tail) { return true }
                if before == nil, output > start { return true }
                // Only an agent's own prompt: elsewhere a second Enter could answer something.
                let stillHolds = before.map { $0.text == region.text && region.hasPrompt } ?? false
                if stillHolds, now - pressedAt >= TerminalLimits.enterRetryMS, retries < TerminalLimits.enterRetriesMax
                {
                    retries += 1
                    pressedAt = now
                    _ = try control.run([leaveMode, "send-keys -t \(target) Enter"])
                }
            } else if now - pressedAt >= TerminalLimits.enterRetryMS, retries == 0 {
                lastSeen = -1  // look once more, and press again if it still stands there
            }
            if now - start >= patience { return false }
            _ = Poll.readable([], until: .after(.milliseconds(Self.lookEveryMS)))
        }
    }
}

extension TmuxHost {
    package func inject(
        _ handle: String, _ text: String, _ options: InjectionOptions
    ) async throws -> InjectionReceipt {
        let pane = try livePane(handle)
        return try await workers.run { try Injector(host: self, pane: pane, options: options).run(text) }
    }
}
