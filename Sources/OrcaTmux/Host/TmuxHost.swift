package import OrcaSupport
package import OrcaTerminal
import Synchronization

/// Terminals in a tmux server of our own.
///
/// Three kinds of threads: the watch reads what programs write and decides what they do; the control client's thread
/// hands on tmux's answers; workers carry out calls that block. Nothing of it runs on Swift's pool.
package final class TmuxHost: TerminalHost {
    package struct Configuration: Sendable {
        /// Name or path of tmux.
        package var program = "tmux"
        package var runDirectory: String
        package var stateDirectory: String
        package var userID: UInt32
        /// What terminals may inherit is chosen from this.
        package var environment: [String: String]
        package var book: AgentRuleBook
        package var log: Logger
        /// Milliseconds since 1970, for what others are told: the server's time, which may be another than the machine's.
        package var time: @Sendable () -> Int64

        package init(
            runDirectory: String, stateDirectory: String, userID: UInt32, environment: [String: String],
            book: AgentRuleBook = .builtIn, log: Logger = .silent,
            time: @escaping @Sendable () -> Int64 = SystemTime.wallMilliseconds
        ) {
            self.runDirectory = runDirectory
            self.stateDirectory = stateDirectory
            self.userID = userID
            self.environment = environment
            self.book = book
            self.log = log
            self.time = time
        }

        /// The user's shell, an absolute path.
        var shell: String {
            guard let shell = environment["SHELL"], shell.hasPrefix("/"), Files.kind(shell) != nil else {
                return Files.kind("/bin/bash") == nil ? "/bin/sh" : "/bin/bash"
            }
            return shell
        }
    }

    struct State {
        var panes: [String: Pane] = [:]
        /// Handles by creation, for lists and for forgetting the oldest ended ones.
        var order: [String] = []
        var control: ControlClient?
        var server: ServerIdentity?
        var program: TmuxProgram?
        var nextWindow = 1
        var isStopping = false
        var watch: ManagedThread?
        var counters = WatchCounters()
    }

    /// Terminals that have ended and can still be read; the oldest go.
    static let endedMax = 128

    let configuration: Configuration
    let places: TmuxPlaces
    let state = Mutex(State())
    let workers = BlockingWorkers("orca-terminal")
    let inbox = WatchInbox()
    let subscribers = ChangeSubscribers()
    /// Held while the server is looked for, started or taken over.
    let serverTurn = Turns()
    let typing: TypingWatch

    package init(_ configuration: Configuration) {
        self.configuration = configuration
        places = TmuxPlaces(
            runDirectory: configuration.runDirectory, stateDirectory: configuration.stateDirectory,
            userID: configuration.userID)
        typing = TypingWatch()
    }

    var log: Logger { configuration.log }
    var book: AgentRuleBook { configuration.book }

    /// The terminal of that handle; throws when it is none of ours any more.
    func pane(_ handle: String) throws(TerminalError) -> Pane {
        guard let pane = state.withLock({ $0.panes[handle] }) else { throw .stale(handle) }
        return pane
    }

    func livePane(_ handle: String) throws(TerminalError) -> Pane {
        let pane = try pane(handle)
        guard pane.isLive else { throw .exited(handle) }
        return pane
    }

    var panes: [Pane] {
        state.withLock { state in state.order.compactMap { state.panes[$0] } }
    }

    func publish(_ changes: [TerminalChange]) {
        guard !changes.isEmpty else { return }
        subscribers.publish(changes)
        // What became different may be due at another time.
        for handle in Set(changes.map(\.status.handle)) { inbox.add(.touched(handle)) }
    }
}
