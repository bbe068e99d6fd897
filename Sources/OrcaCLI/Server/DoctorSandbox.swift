import OrcaAPI
import OrcaConnect
import OrcaDomain

/// Whether scripts can be run, and what keeps them in.
enum DoctorSandbox {
    /// Parts of the lockdown that some systems do not allow, and what then stands in for them.
    private static let others = [
        "namespaces": "the kernel or a container forbids new namespaces; seccomp keeps scripts from the network",
        "landlock": "the kernel has no Landlock; seccomp keeps scripts from files",
    ]

    /// Parts without which scripts only run under `allow_degraded`.
    private static let required = ["seccomp", "limits", "no_new_privileges"]

    /// Nothing when no server runs.
    static func checks(_ call: Invocation) -> [DoctorCheck] {
        do throws(APIError) {
            guard try ServerStatus.info(call) != nil else { return [] }
            let client = try call.context.connectWithoutStarting(try call.connectOptions)
            var request = OrcaV1.RunScriptRequest()
            request.workspace = call.workspace
            request.code = "6 * 7"
            return [check(try client.call(Operations.runScript, request, idempotencyKey: nil))]
        } catch {
            return [DoctorCheck(name: "sandbox", verdict: .warning, detail: error.message, next: "orca logs")]
        }
    }

    private static func check(_ response: OrcaV1.RunScriptResponse) -> DoctorCheck {
        if let error = response.error {
            return DoctorCheck(
                name: "sandbox", verdict: .warning, detail: "scripts cannot be run: \(error.message)", next: error.hint)
        }
        let lacking = required.filter { !response.lockdown.contains($0) }
        guard lacking.isEmpty else {
            return DoctorCheck(
                name: "sandbox", verdict: .warning,
                detail:
                    "scripts run without \(lacking.joined(separator: ", ")), because allow_degraded is set: one that "
                    + "gets out of the engine can do what the server can",
                next: "Take allow_degraded out of the configuration, unless every script is trusted.")
        }
        let missing = others.keys.filter { !response.lockdown.contains($0) }.sorted()
        let reasons = missing.map { "no \($0): \(others[$0] ?? "")" }
        return DoctorCheck(
            name: "sandbox", verdict: .ok,
            detail: (["scripts are kept in by \(response.lockdown.joined(separator: ", "))"] + reasons)
                .joined(separator: "; "))
    }
}
