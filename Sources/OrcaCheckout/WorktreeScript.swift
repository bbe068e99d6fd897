import OrcaSupport

/// Runs a script of `orca.yaml` in a worktree.
struct WorktreeScript {
    let order: HookOrder
    let environment: [String: String]

    /// Bytes kept of what it prints; the first ones of each stream.
    static let outputBytesMax = 64 << 10
    /// Lines of it that a failure shows.
    private static let linesShown = 5

    func run() throws(CheckoutError) -> HookOutcome {
        let configuration = try CheckoutConfiguration.read(in: order.worktree)
        guard let script = order.moment == .setup ? configuration.setup : configuration.archive else { return .nothing }
        let command: SubprocessCommand
        switch script {
        case .line(let line): command = self.command("/bin/sh", ["-c", line])
        case .words(let words): command = self.command(words[0], Array(words.dropFirst()))
        }
        let title = "The \(order.moment.rawValue) script of \(CheckoutConfiguration.fileName)"
        do throws(SubprocessError) {
            let result = try Subprocess.run(
                command, output: .capture(limit: Self.outputBytesMax), error: .merged,
                timeout: .seconds(configuration.timeoutSeconds))
            if result.status.isSuccess { return .succeeded(output: result.outputText) }
            return .failed("\(title) ended with \(result.status). \(Self.end(of: result.outputText))")
        } catch {
            return .failed("\(title) did not work: \(error).")
        }
    }

    /// Everything of the person's but what lets one speak for Orca: the script is the repository's, not the person's.
    private func command(_ executable: String, _ arguments: [String]) -> SubprocessCommand {
        var clean = environment.filter { !$0.key.hasPrefix("ORCA_") && !$0.key.hasPrefix("GIT_") }
        clean["ORCA_WORKTREE_PATH"] = order.worktree
        clean["ORCA_ROOT_PATH"] = order.mainWorktree
        clean["ORCA_WORKSPACE_NAME"] = order.name
        return SubprocessCommand(executable, arguments, environment: clean, directory: order.worktree)
    }

    private static func end(of output: String) -> String {
        let lines = output.split(separator: "\n").suffix(linesShown)
        return lines.isEmpty ? "It printed nothing." : "It printed last: \(lines.joined(separator: " / "))"
    }
}
