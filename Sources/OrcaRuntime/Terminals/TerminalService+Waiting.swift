import OrcaDomain
import OrcaTerminal
import Synchronization

extension TerminalService {
    enum Condition: Sendable {
        case exit
        /// Its agent takes the next prompt; a shell is in the foreground.
        case idle
    }

    struct Outcome: Sendable {
        var isSatisfied: Bool
        var isTimedOut = false
        var status: TerminalStatus
        var blockedReason = ""
    }

    /// How long a dialog must stand before whoever waits is told: some pass by themselves.
    static let blockedMS: Int64 = 1_000

    /// Waits for the condition, for something that stands in its way, or for the time to be up.
    /// - Parameter isWatcher: the caller answers questions about trust; others are not told of those that it will answer.
    func wait(
        _ handle: String, for condition: Condition, atMost milliseconds: Int64, isWatcher: Bool = false
    ) async throws -> Outcome {
        try await ready()
        let deadline = clock.now.adding(milliseconds: milliseconds)
        let changes = host.changes()
        do {
            if let outcome = answer(try await host.status(handle), condition, isWatcher) { return outcome }
            guard milliseconds > 0 else { return try await timedOut(handle) }
            let news = ChangeSignalOfOne(handle)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await change in changes { news.note(change) } }
                defer { group.cancelAll() }
                while true {
                    let status = try await host.status(handle)
                    if let outcome = answer(status, condition, isWatcher) { return outcome }
                    let left = deadline.milliseconds - clock.now.milliseconds
                    if left <= 0 { return try await timedOut(handle) }
                    try Task.checkCancellation()
                    await news.wait(clock, atMost: min(left, Self.lookAgain(status)))
                }
            }
        } catch {
            throw Self.told(error)
        }
    }

    /// How long answering a dialog may take, and how long a screen needs to show what a key did.
    private static let answerMS: Int64 = 5_000
    private static let keyMS: Int64 = 150

    /// Says yes to a question about trust, and returns when it has gone. Answers false when it is not understood, or does
    /// not go; then nothing was confirmed. Of several callers one presses the keys.
    func trust(_ handle: String, _ reason: String) async throws -> Bool {
        let deadline = clock.now.adding(milliseconds: Self.answerMS)
        let isMine = answering.withLock { $0.insert(handle).inserted }
        defer { if isMine { answering.withLock { _ = $0.remove(handle) } } }
        var isConfirmed = false
        do {
            while clock.now < deadline {
                guard try await host.status(handle).blockedReason == reason else { return true }
                if isMine, !isConfirmed {
                    // Read anew before each key: what is marked is what Enter would take.
                    switch TrustDialog.step(try await host.screen(handle).rows) {
                    case nil: return false
                    case .press(let key): try await host.press(handle, key)
                    case .confirm:
                        try await host.press(handle, .enter)
                        isConfirmed = true
                    }
                }
                try Task.checkCancellation()
                await clock.sleep(milliseconds: Self.keyMS)
            }
            return false
        } catch {
            throw Self.told(error)
        }
    }

    private func isTrusted(_ handle: String) -> Bool { trusted.withLock { $0.contains(handle) } }

    /// A dialog that is there may come to stand for long enough.
    private static func lookAgain(_ status: TerminalStatus) -> Int64 {
        status.blockedReason.isEmpty ? 2_000 : blockedMS / 4
    }

    private func timedOut(_ handle: String) async throws -> Outcome {
        Outcome(isSatisfied: false, isTimedOut: true, status: try await host.status(handle))
    }

    private func answer(_ status: TerminalStatus, _ condition: Condition, _ isWatcher: Bool) -> Outcome? {
        switch condition {
        case .exit: return status.state == .exited ? Outcome(isSatisfied: true, status: status) : nil
        case .idle: break
        }
        switch status.state {
        case .exited: return Outcome(isSatisfied: false, status: status)
        case .idle:
            let hasLostAgent = !status.agentKind.isEmpty && !status.isAgentAlive
            if hasLostAgent { return Outcome(isSatisfied: false, status: status, blockedReason: "agent-exited") }
            return status.isIdleSinceInput ? Outcome(isSatisfied: true, status: status) : nil
        case .permission, .waitingInput:
            guard !status.blockedReason.isEmpty,
                clock.now.milliseconds - status.sinceMS >= Self.blockedMS,
                isWatcher || !(status.blockedReason.contains("trust") && isTrusted(status.handle))
            else { return nil }
            return Outcome(isSatisfied: false, status: status, blockedReason: status.blockedReason)
        case .starting, .working, .rateLimited: return nil
        }
    }
}
