/// Where terminals live: panes that a person can attach to, that outlive this server, and that programs type into.
///
/// A terminal is named by its handle, `term_<uuid>`, which stays valid over restarts of the server. Every call may take
/// milliseconds and fail with a `TerminalError`; none blocks the calling thread. Implementations are held to
/// `TerminalHostContract`.
package protocol TerminalHost: Sendable {
    /// Starts the terminals' own server or finds the one that runs, and takes over what lives there. Called once,
    /// before anything else. Answers what was taken over, the ended ones included.
    func start() async throws -> [AdoptedTerminal]

    /// Opens a terminal. Its handle must be new.
    func create(_ spec: TerminalSpec) async throws -> TerminalFacts

    /// All terminals that have not been closed, the ended ones included, by creation.
    func list() async -> [TerminalStatus]

    func status(_ handle: String) async throws -> TerminalStatus

    func facts(_ handle: String) async throws -> TerminalFacts

    /// What the terminal wrote, as lines. Works until it is closed, also after its program has ended.
    func read(_ handle: String, _ range: TerminalReadRange) async throws -> TerminalOutput

    /// What a person would see at this moment.
    func screen(_ handle: String) async throws -> TerminalScreen

    /// Types text as one paste, and Enter when asked; verifies that it was taken. One injection at a time per terminal.
    func inject(_ handle: String, _ text: String, _ options: InjectionOptions) async throws -> InjectionReceipt

    /// Presses one key; nothing is checked but that the terminal lives.
    func press(_ handle: String, _ key: TerminalKey) async throws

    /// Changes from now on, to every subscriber. A subscriber that is slow loses the oldest: read the status again.
    func changes() -> AsyncStream<TerminalChange>

    /// What an agent's own hook said about the agent in this terminal.
    func report(_ handle: String, _ event: AgentHookEvent) async throws

    /// Sets the title people see; `nil` gives it back to the program.
    func rename(_ handle: String, to title: String?) async throws

    /// Interrupts the program and ends every process that came from it. The transcript stays readable. Answers
    /// whether anything was running.
    @discardableResult
    func stop(_ handle: String) async throws -> Bool

    /// Stops the terminal and removes it. Answers whether anything was running.
    @discardableResult
    func close(_ handle: String) async throws -> Bool

    /// Makes it the one that people who are attached see.
    func focus(_ handle: String) async throws

    /// The argument vector that attaches the calling person's terminal to this one.
    func attachCommand(_ handle: String) async throws -> [String]

    /// How the substrate is: for diagnosis.
    func health() async -> TerminalHostHealth

    /// Stops watching. The terminals go on.
    func shutdown() async
}

/// A terminal that was there before this server.
package struct AdoptedTerminal: Sendable, Hashable {
    package var facts: TerminalFacts
    package var status: TerminalStatus

    package init(facts: TerminalFacts, status: TerminalStatus) {
        self.facts = facts
        self.status = status
    }
}

/// How the program behind the terminals is.
package struct TerminalHostHealth: Sendable, Hashable {
    /// `tmux 3.3a`; empty when it is missing.
    package var version: String
    package var isRunning: Bool
    /// Process of the terminals' server; 0 when none runs.
    package var pid: Int32
    package var socket: String
    package var terminalCount: Int
    /// What is wrong and what to do; empty when nothing is.
    package var problem: String

    package init(
        version: String, isRunning: Bool, pid: Int32, socket: String, terminalCount: Int, problem: String = ""
    ) {
        self.version = version
        self.isRunning = isRunning
        self.pid = pid
        self.socket = socket
        self.terminalCount = terminalCount
        self.problem = problem
    }
}
