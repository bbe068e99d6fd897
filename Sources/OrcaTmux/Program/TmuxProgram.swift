import OrcaDomain
import OrcaSupport
package import OrcaTerminal

/// The system's tmux: where it is and whether it can do what is needed.
package struct TmuxProgram: Sendable, Hashable {
    package let path: String
    /// `tmux 3.3a`.
    package let version: String

    /// Looks for tmux and asks for its version. Blocks.
    package static func find(_ name: String, environment: [String: String]) throws(TerminalError) -> TmuxProgram {
        let output: String
        do {
            let command = SubprocessCommand(name, ["-V"], environment: environment)
            output = try Subprocess.run(command, timeout: .seconds(10)).outputText
        } catch .executableNotFound, .notExecutable {
            throw TerminalError(
                .missing,
                "tmux is not installed; terminals need it. Install it ('apt-get install tmux') and try again.")
        } catch {
            throw TerminalError(.missing, "tmux cannot be started: \(error). Repair its installation.")
        }
        let version = TmuxVersion(output)
        guard version.isNewEnough else {
            throw TerminalError(
                .tooOld,
                "\(version.text.isEmpty ? "This tmux" : version.text) is too old; terminals need tmux \(TmuxVersion.oldest) or newer. Install a newer one."
            )
        }
        return TmuxProgram(path: name, version: version.text)
    }
}
