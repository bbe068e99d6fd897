import Glibc
package import OrcaSupport
import OrcaTerminal
package import OrcaTmux

/// A host of terminals in a tmux server of its own, in a temporary directory. `end` takes everything away.
package final class TmuxFixture: Sendable {
    package let folder = TemporaryDirectory("tmux")
    package let configuration: TmuxHost.Configuration

    package init(shell: String = "/bin/bash", environment: [String: String] = [:]) throws {
        let home = folder.path("home")
        try Files.makeDirectories(home)
        let given = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "SHELL": shell, "LANG": "C.UTF-8"]
        configuration = TmuxHost.Configuration(
            runDirectory: folder.path("run"), stateDirectory: folder.path("state"), userID: getuid(),
            environment: given.merging(environment) { $1 })
    }

    /// A host as a new server of ours would make it: it takes over what is there.
    package func host() -> TmuxHost { TmuxHost(configuration) }

    package var directory: String { folder.path }
    package var socket: String { folder.path("run/tmux.sock") }

    package func tmux(_ arguments: [String]) throws -> Subprocess.Result {
        try Subprocess.run(
            SubprocessCommand("tmux", ["-S", socket] + arguments, environment: configuration.environment),
            timeout: .seconds(10))
    }

    /// Ends the terminals' server and every process that came from it.
    package func endServer() {
        // There may be none; then nothing is left to end.
        let pids = (try? tmux(["list-panes", "-a", "-F", "#{pane_pid}"]).outputText) ?? ""
        _ = try? tmux(["kill-server"])
        for pid in pids.split(whereSeparator: \.isNewline).compactMap({ Int32($0) }) {
            ProcessTree(root: pid, marker: "").kill(grace: .milliseconds(100))
        }
    }

    /// Runs a test on a host and takes everything away, also when it fails.
    package static func run(
        shell: String = "/bin/bash", _ body: (TmuxFixture, TmuxHost) async throws -> Void
    ) async throws {
        let fixture = try TmuxFixture(shell: shell)
        let host = fixture.host()
        do {
            _ = try await host.start()
            try await body(fixture, host)
        } catch {
            await host.shutdown()
            fixture.endServer()
            throw error
        }
        await host.shutdown()
        fixture.endServer()
    }
}
