import CLinux
import Glibc
import OrcaSupport
import OrcaTerminal
import Synchronization

/// A connection to the terminals' server through which everything is said: no command line is too long for it, and no
/// text in it is taken for an option or a separator.
///
/// One thread reads. Any thread may send.
final class ControlClient: Sendable {
    /// What a group of commands answered: the lines of each, or what the first that failed said.
    enum Answer: Sendable {
        case lines([[String]])
        case failed(String)
        /// The connection ended before an answer came.
        case disconnected
    }

    private struct Pending {
        var missing: Int
        var blocks: [[String]] = []
        let completion: @Sendable (Answer) -> Void
    }

    private struct State {
        var pending: [Pending] = []
        var isOpen = true
    }

    /// How long tmux may take for an answer.
    static let answerTimeout = Duration.seconds(15)

    private let child: ChildProcess
    private let input: Mutex<OwnedDescriptor?>
    private let output: OwnedDescriptor
    private let state = Mutex(State())
    private let ended = StopSignal()
    private let noticed: @Sendable (String) -> Void
    private let closed: @Sendable () -> Void

    /// Starts the client. `noticed` and `closed` are called on its thread and must return soon.
    init(
        _ command: SubprocessCommand, noticed: @escaping @Sendable (String) -> Void,
        closed: @escaping @Sendable () -> Void
    ) throws {
        let down = try Self.pipe()
        let up = try Self.pipe()
        let null = try OwnedDescriptor.open("/dev/null", O_WRONLY)
        child = try ChildProcess.spawn(command, input: down.reader.raw, output: up.writer.raw, error: null.raw)
        guard orca_set_nonblocking(down.writer.raw) == 0 else { throw SystemError.last("set up a pipe") }
        input = Mutex(down.writer)
        output = up.reader
        (self.noticed, self.closed) = (noticed, closed)
        // The thread keeps the client alive until the connection ends.
        _ = try ManagedThread("orca-tmux-read") { self.read() }
    }

    var isOpen: Bool { state.withLock(\.isOpen) }

    /// Sends commands that are carried out one after the other; the first that fails stops the rest. `completion` is
    /// called exactly once, on the client's thread or, when nothing can be sent, on this one.
    func send(_ commands: [String], _ completion: @escaping @Sendable (Answer) -> Void) {
        let line = Array((commands.joined(separator: " ; ") + "\n").utf8)
        let wasSent = input.withLock { input in
            guard let input else { return false }
            // In the order of the pipe, hence under its lock.
            let isOpen = state.withLock { state in
                guard state.isOpen else { return false }
                state.pending.append(Pending(missing: commands.count, completion: completion))
                return true
            }
            guard isOpen else { return false }
            if !Self.write(line, to: input.raw) { child.signal(SIGKILL) }
            return true
        }
        if !wasSent { completion(.disconnected) }
    }

    /// The same, waiting for the answer. For managed threads only.
    func run(_ commands: [String]) throws(TerminalError) -> [[String]] {
        let arrived = StopSignal()
        let answer = AnswerBox()
        send(commands) { found in
            answer.value.withLock { $0 = found }
            arrived.raise()
        }
        guard arrived.wait(until: .after(Self.answerTimeout)) else {
            child.signal(SIGKILL)
            throw TerminalError(
                .unavailable, "tmux does not answer. Its clients are started anew; try again in a moment.")
        }
        switch answer.value.withLock({ $0 }) {
        case .lines(let lines): return lines
        case .failed(let text): throw TerminalError(.invalid, "tmux refused: \(text)", cause: text)
        case .disconnected:
            throw TerminalError(.unavailable, "The connection to tmux was lost. Try again in a moment.")
        }
    }

    /// Ends the connection; the terminals go on.
    func close() {
        input.withLock { $0 = nil }
        if !ended.wait(until: .after(.seconds(1))) {
            child.signal(SIGKILL)
            ended.wait(until: .after(.seconds(5)))
        }
    }

    // MARK: Reading

    private func read() {
        var parser = ControlParser()
        while true {
            _ = Poll.readable([output.raw], until: .never)
            guard let part = nextPart() else { continue }
            if part.isEmpty { break }
            parser.feed(part) { event in handle(event) }
        }
        let left = state.withLock { state in
            defer { state.pending = [] }
            state.isOpen = false
            return state.pending
        }
        input.withLock { $0 = nil }
        child.signal(SIGKILL)
        child.reap()
        for pending in left { pending.completion(.disconnected) }
        ended.raise()
        closed()
    }

    /// Empty at the end; a pipe that cannot be read is as good as one that ended.
    private func nextPart() -> [UInt8]? {
        do {
            return try output.read(atMost: 256 << 10)
        } catch {
            return []
        }
    }

    private func handle(_ event: ControlParser.Event) {
        switch event {
        case .notification(let text): noticed(text)
        case .exit: break
        case .block(_, _, isOurs: false): break
        case .block(let lines, let isError, isOurs: true):
            guard let (pending, answer) = take(lines, isError) else { return }
            pending.completion(answer)
        }
    }

    /// Gives a block to the oldest group; answers the group when it is complete.
    private func take(_ lines: [String], _ isError: Bool) -> (Pending, Answer)? {
        state.withLock { state in
            guard !state.pending.isEmpty else { return nil }
            if isError { return (state.pending.removeFirst(), .failed(lines.joined(separator: " "))) }
            state.pending[0].blocks.append(lines)
            state.pending[0].missing -= 1
            guard state.pending[0].missing <= 0 else { return nil }
            let done = state.pending.removeFirst()
            return (done, .lines(done.blocks))
        }
    }

    // MARK: Pipes

    private static func pipe() throws(SystemError) -> (reader: OwnedDescriptor, writer: OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard orca_pipe(&ends) == 0 else { throw .last("make a pipe") }
        return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
    }

    /// All or nothing: false when tmux takes no more.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
            if written > 0 {
                done += written
            } else if errno == EAGAIN {
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                let found = poll(&entry, 1, Int32(answerTimeout.milliseconds))
                if found == 0 || (found < 0 && errno != EINTR) { return false }
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}

/// Carries an answer from the client's thread to the one that waits.
private final class AnswerBox: Sendable {
    let value = Mutex(ControlClient.Answer.disconnected)
}
