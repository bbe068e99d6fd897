import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport

/// Whether terminals can be had.
enum DoctorTerminals {
    static func checks(_ call: Invocation) -> [DoctorCheck] { [tmux(call)] + server(call) }

    private static func tmux(_ call: Invocation) -> DoctorCheck {
        let install = "apt-get install tmux; terminals need \(TmuxVersion.oldest) or newer"
        do throws(APIError) {
            let result = try call.context.host.run(["tmux", "-V"], directory: "/", input: [])
            let version = TmuxVersion(String(decoding: result.output, as: UTF8.self))
            guard version.isNewEnough else {
                return DoctorCheck(
                    name: "tmux", verdict: .warning,
                    detail: version.text.isEmpty ? "it does not tell its version" : "\(version.text) is too old",
                    next: install)
            }
            return DoctorCheck(name: "tmux", verdict: .ok, detail: version.text)
        } catch {
            return DoctorCheck(name: "tmux", verdict: .warning, detail: "tmux cannot be run", next: install)
        }
    }

    /// What the server says of its terminals; nothing when none runs.
    private static func server(_ call: Invocation) -> [DoctorCheck] {
        do throws(APIError) {
            guard try ServerStatus.info(call) != nil else { return [] }
            let client = try call.context.connectWithoutStarting(try call.connectOptions)
            let health = try client.call(
                Operations.getTerminalHealth, OrcaV1.GetTerminalHealthRequest(), idempotencyKey: nil)
            return [check(health)]
        } catch {
            return [DoctorCheck(name: "terminals", verdict: .warning, detail: error.message, next: "orca logs")]
        }
    }

    private static func check(_ health: OrcaV1.GetTerminalHealthResponse) -> DoctorCheck {
        guard health.problem.isEmpty else {
            return DoctorCheck(name: "terminals", verdict: .warning, detail: health.problem, next: "orca logs")
        }
        // It starts with the first terminal, and ends with the last.
        let count = "\(health.terminalCount) terminal\(health.terminalCount == 1 ? "" : "s")"
        guard health.running else {
            guard health.terminalCount > 0 else {
                return DoctorCheck(name: "terminals", verdict: .ok, detail: "none is open; the first one starts tmux")
            }
            return DoctorCheck(
                name: "terminals", verdict: .warning, detail: "\(count), but tmux does not run (\(health.socket))",
                next: "orca logs")
        }
        return DoctorCheck(
            name: "terminals", verdict: .ok,
            detail: "\(count), \(health.version), pid \(health.processId), \(health.socket)")
    }
}
