import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

extension Installation {
    /// Ends the terminals' server and every process that came from it.
    func endTerminals() {
        let socket = folder.path("home/run/tmux.sock")
        guard Files.kind(socket) != nil else { return }
        func tmux(_ arguments: String...) -> String {
            // A server that has gone already is what is wanted.
            (try? Subprocess.run(command("/usr/bin/tmux", ["-S", socket] + arguments), timeout: .seconds(10)).outputText)
                ?? ""
        }
        let pids = tmux("list-panes", "-a", "-F", "#{pane_pid}")
        _ = tmux("kill-server")
        for pid in pids.split(whereSeparator: \.isNewline).compactMap({ Int32($0) }) {
            ProcessTree(root: pid, marker: "").kill(grace: .milliseconds(100))
        }
    }

    /// Ends all that has this installation's home: a server of terminals that hangs, and whatever else was left.
    func endLeftovers() {
        for entry in ProcessTable.all() where entry.state != .dead {
            guard ProcessTable.environment(of: entry.pid, contains: "HOME=\(folder.path)") else { continue }
            SystemSignals.kill(entry.pid)
        }
    }

    /// A program of that name, which the terminals find before any other.
    func makeProgram(_ name: String, _ script: String) throws {
        try folder.file("bin/\(name)", "#!/bin/bash\n\(script)\n", mode: 0o755)
    }

    /// An agent that writes its arguments down, and then what is typed; it works for a moment over each line, and its
    /// title says so.
    func makeAgent(_ name: String, title: String) throws {
        try makeProgram(
            name,
            """
            printf '%s\\0' "$@" > "$HOME/\(name).new" && mv "$HOME/\(name).new" "$HOME/\(name).arguments"
            printf '\\033]0;⠋ starting\\007\\033[?2004h\(name) is up\\n'
            sleep 0.1; printf '\\033]0;\(title)\\007'
            while IFS= read -r line; do
              printf '\\033]0;⠋ working\\007%s\\n' "working on ${line:0:40}"
              printf '%s\\n' "$line" >> "$HOME/\(name).typed"
              sleep 0.1; printf '\\033]0;\(title)\\007done\\n'
            done
            """)
    }

    /// What an agent of `makeAgent` was started with; waits until it was.
    func arguments(of name: String) throws -> [String] {
        let path = folder.path("\(name).arguments")
        try #require(eventually { Files.kind(path) != nil }, "\(name) was not started")
        return try Files.readText(path).split(separator: "\0", omittingEmptySubsequences: false).dropLast()
            .map(String.init)
    }

    func awaitIdle(_ handle: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        _ = try result(
            "terminal", "wait", "--terminal", handle, "--for", "tui-idle", "--timeout-ms", "60000",
            sourceLocation: sourceLocation)
    }

    /// Runs a command of the contract and answers its envelope; `nil` for any exit code.
    func envelope(
        _ arguments: [String], code: Int32? = 0, in directory: String? = nil, with variables: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSONValue {
        var command = command("orca", arguments + ["--json"])
        command.environment.merge(variables) { $1 }
        if let directory { command.directory = directory }
        let answer = try Subprocess.run(command, timeout: .seconds(120))
        let value = try JSONValue(jsonBytes: answer.output)
        guard let code else { return value }
        #expect(answer.code == code, "orca \(arguments): \(answer)", sourceLocation: sourceLocation)
        #expect(value["ok"] == .bool(code == 0), "orca \(arguments): \(answer)", sourceLocation: sourceLocation)
        return value
    }

    /// The `result` of a command of the contract that succeeds.
    func result(
        _ arguments: String..., in directory: String? = nil, with variables: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSONValue {
        let value = try envelope(arguments, in: directory, with: variables, sourceLocation: sourceLocation)
        return try #require(value["result"], "\(value)", sourceLocation: sourceLocation)
    }

    /// The `error` of a command of the contract that fails.
    func refusal(
        _ arguments: String..., in directory: String? = nil, with variables: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSONValue {
        let value = try envelope(arguments, code: 1, in: directory, with: variables, sourceLocation: sourceLocation)
        return try #require(value["error"], "\(value)", sourceLocation: sourceLocation)
    }
}
