/// A terminal to open.
package struct TerminalSpec: Sendable, Hashable {
    /// `term_` and a UUID; new, made by the caller so that the program can be told.
    package var handle: String
    /// What people see; empty for what the program says.
    package var title: String
    /// Working directory, absolute.
    package var directory: String
    package var command: TerminalCommand
    /// Added to the environment, over what the terminals' server gives everybody.
    package var environment: [EnvironmentPair]
    package var size: TerminalSize
    /// Whose rules read this terminal: `claude`, `codex`, …; empty for a plain shell or an unknown program.
    package var agentKind: String
    /// Beside which terminal; `nil` for a window of its own.
    package var split: TerminalSplit?
    /// Kept with the terminal and given back when it is adopted: names and short values.
    package var labels: [String: String]

    package init(
        handle: String, title: String = "", directory: String, command: TerminalCommand = .shell,
        environment: [EnvironmentPair] = [], size: TerminalSize = .standard, agentKind: String = "",
        split: TerminalSplit? = nil, labels: [String: String] = [:]
    ) {
        self.handle = handle
        self.title = title
        self.directory = directory
        self.command = command
        self.environment = environment
        self.size = size
        self.agentKind = agentKind
        self.split = split
        self.labels = labels
    }
}

/// What runs in a terminal.
package enum TerminalCommand: Sendable, Hashable {
    /// The user's shell.
    case shell
    /// A line the user's shell carries out; the shell stays when it has ended.
    case line(String)
    /// A program and its arguments, without a shell; the terminal ends with it.
    case arguments([String])
}

package struct EnvironmentPair: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

package struct TerminalSize: Sendable, Hashable {
    package var columns: Int
    package var rows: Int

    package static let standard = TerminalSize(columns: 120, rows: 40)

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

package struct TerminalSplit: Sendable, Hashable {
    package enum Direction: String, Sendable, Hashable, CaseIterable {
        /// Left and right.
        case horizontal
        /// Above and below.
        case vertical
    }

    package var handle: String
    package var direction: Direction

    package init(of handle: String, _ direction: Direction) {
        self.handle = handle
        self.direction = direction
    }
}

/// What does not change about a terminal while it lives.
package struct TerminalFacts: Sendable, Hashable {
    package var handle: String
    /// Names the process behind it, for people and logs: `%12` of tmux.
    package var paneID: String
    /// Terminals that were split off each other share a tab.
    package var tabID: String
    /// First process of the terminal; it leads a session of its own.
    package var pid: Int32
    package var agentKind: String
    package var directory: String
    package var labels: [String: String]
    package var createdAtMS: Int64

    package init(
        handle: String, paneID: String, tabID: String, pid: Int32, agentKind: String, directory: String,
        labels: [String: String] = [:], createdAtMS: Int64
    ) {
        self.handle = handle
        self.paneID = paneID
        self.tabID = tabID
        self.pid = pid
        self.agentKind = agentKind
        self.directory = directory
        self.labels = labels
        self.createdAtMS = createdAtMS
    }
}
