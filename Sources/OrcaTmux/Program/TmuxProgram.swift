import OrcaSupport
package import OrcaTerminal

/// The system's tmux: where it is and whether it can do what is needed.
package struct TmuxProgram: Sendable, Hashable {
    /// Oldest version with `new-window -e` and pane options.
    package static let oldest = (major: 3, minor: 2)

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
        let version = output.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard isNewEnough(version) else {
            throw TerminalError(
                .tooOld,
                "\(version.isEmpty ? "This tmux" : version) is too old; terminals need tmux \(oldest.major).\(oldest.minor) or newer. Install a newer one."
            )
        }
        return TmuxProgram(path: name, version: version)
    }

    /// `tmux 3.3a`, `tmux next-3.5`, `tmux openbsd-7.4`: the last is as new as that system.
    static func isNewEnough(_ version: String) -> Bool {
        guard let word = version.split(separator: " ").last, version.hasPrefix("tmux ") else { return false }
        if word.hasPrefix("openbsd-") || word == "master" { return true }
        let digits = word.hasPrefix("next-") ? word.dropFirst(5) : word
        let parts = digits.split(separator: ".", maxSplits: 1)
        guard let major = parts.first.flatMap({ Int($0) }) else { return false }
        let minor = parts.count > 1 ? Int(parts[1].prefix { $0.isNumber }) ?? 0 : 0
        return (major, minor) >= oldest
    }
}
