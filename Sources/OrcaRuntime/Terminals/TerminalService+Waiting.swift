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
    func wait(_ handle: String, for condition: Condition, atMost milliseconds: Int64) async throws -> Outcome {
        try await ready()
        let deadline = clock.now.adding(milliseconds: milliseconds)
        let changes = host.changes()
        do {
            if let outcome = answer(try await host.status(handle), condition) { return outcome }
            guard milliseconds > 0 else { return try await timedOut(handle) }
            let news = ChangeSignalOfOne(handle)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await change in changes { news.note(change) } }
                defer { group.cancelAll() }
                while true {
                    let status = try await host.status(handle)
                    if let outcome = answer(status, condition) { return outcome }
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

    /// How long a program may take to close a dialog that was answered.
    private static let answerMS: Int64 = 5_000

    /// Answers a dialog by one key, and returns when it has gone or will not go. Of several callers one presses the key.
    func answer(_ handle: String, _ reason: String, _ key: TerminalKey) async throws {
        let deadline = clock.now.adding(milliseconds: Self.answerMS)
        let changes = host.changes()
        do {
            guard try await host.status(handle).blockedReason == reason else { return }
            let isMine = answering.withLock { $0.insert(handle).inserted }
            defer { if isMine { answering.withLock { _ = $0.remove(handle) } } }
            if isMine { try await host.press(handle, key) }
            let news = ChangeSignalOfOne(handle)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await change in changes { news.note(change) } }
                defer { group.cancelAll() }
                while clock.now < deadline, try await host.status(handle).blockedReason == reason {
                    try Task.checkCancellation()
                    await news.wait(clock, atMost: Self.blockedMS / 4)
                }
            }
        } catch {
            throw Self.told(error)
        }
    }

    /// A dialog that is there may come to stand for long enough.
    private static func lookAgain(_ status: TerminalStatus) -> Int64 {
        status.blockedReason.isEmpty ? 2_000 : blockedMS / 4
    }

    private func timedOut(_ handle: String) async throws -> Outcome {
        Outcome(isSatisfied: false, isTimedOut: true, status: try await host.status(handle))
    }

    private func answer(_ status: TerminalStatus, _ condition: Condition) -> Outcome? {
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
                clock.now.milliseconds - status.sinceMS >= Self.blockedMS
            else { return nil }
            return Outcome(isSatisfied: false, status: status, blockedReason: status.blockedReason)
        case .starting, .working, .rateLimited: return nil
        }
    }
}
