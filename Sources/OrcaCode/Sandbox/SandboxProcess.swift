import OrcaSupport

/// A process of `orca-sandbox` that is locked down and waits for its one script.
final class SandboxProcess: Sendable {
    let child: PipedProcess
    /// Parts of the lockdown that are in force, as it says.
    let lockdown: [String]

    private init(_ child: PipedProcess, _ lockdown: [String]) {
        self.child = child
        self.lockdown = lockdown
    }

    deinit { child.kill() }

    /// Blocks until it is ready.
    static func start(_ program: SandboxProgram) throws(ScriptError) -> SandboxProcess {
        let child: PipedProcess
        do {
            child = try PipedProcess(
                SubprocessCommand(program.path, program.arguments, environment: ["LANG": "C.UTF-8"], directory: "/"))
        } catch {
            throw ScriptError("sandbox_unavailable", "The sandbox cannot be started: \(error).")
        }
        var lines = LineReader()
        let deadline = Deadline.after(ScriptLimits.readyWithin)
        do {
            while true {
                let ready = Poll.readable([child.outputDescriptor], until: deadline)
                guard !ready.isEmpty, let bytes = try child.read(), !bytes.isEmpty else { break }
                guard let line = try lines.take(bytes).first else { continue }
                let told = try JSONValue(jsonBytes: line)
                guard told["type"]?.stringValue == "ready" else { break }
                return SandboxProcess(child, (told["active"]?.arrayValue ?? []).compactMap(\.stringValue))
            }
        } catch {
            // What is no line of ours is told below.
        }
        throw ScriptError(
            "sandbox_unavailable", "The sandbox ended before it was ready (\(child.kill())).",
            hint: "Run '\(program.path) < /dev/null' to see why. Where it is for want of seccomp, the server's setting "
                + "allow_degraded runs scripts without.")
    }

    /// Bytes of memory it has in use; `nil` when that cannot be told.
    var memoryBytes: Int64? {
        // It may have ended this moment.
        guard let text = try? Files.readText("/proc/\(child.pid)/statm") else { return nil }
        let fields = text.split(separator: " ")
        return fields.count > 1 ? Int64(fields[1]).map { $0 * 4096 } : nil
    }
}

/// Where the sandbox's program is, and how it is started.
package struct SandboxProgram: Sendable, Hashable {
    package var path: String
    /// Start it also where it cannot be locked down whole.
    package var isDegradedAllowed: Bool

    package init(path: String, isDegradedAllowed: Bool = false) {
        self.path = path
        self.isDegradedAllowed = isDegradedAllowed
    }

    var arguments: [String] {
        // Address space comes in larger pieces than memory: the parent looks at what is really used.
        [
            "--memory-mib=\((ScriptLimits.memoryBytesMax >> 20) * 2)",
            "--cpu-seconds=\(ScriptLimits.timeoutMSMax / 1_000)",
        ]
            + (isDegradedAllowed ? ["--allow-degraded"] : [])
    }
}

/// Cuts a hostile stream into lines, within limits.
struct LineReader {
    private var pending: [UInt8] = []
    private var taken = 0

    struct TooMuch: Error {}

    /// The lines that are whole now.
    mutating func take(_ bytes: [UInt8]) throws(TooMuch) -> [[UInt8]] {
        taken += bytes.count
        pending += bytes
        if taken > ScriptLimits.outputBytesMax { throw TooMuch() }
        guard bytes.contains(0x0A) else {
            if pending.count > ScriptLimits.lineBytesMax { throw TooMuch() }
            return []
        }
        var lines = pending.split(separator: 0x0A, omittingEmptySubsequences: false)
        let rest = Array(lines.removeLast())
        pending = rest
        if pending.count > ScriptLimits.lineBytesMax || lines.contains(where: { $0.count > ScriptLimits.lineBytesMax })
        {
            throw TooMuch()
        }
        return lines.map(Array.init)
    }
}
