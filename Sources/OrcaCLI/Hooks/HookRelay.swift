import Glibc
import OrcaAPI
import OrcaAgents
import OrcaConnect
import OrcaSupport

extension HookTrace {
    static let flags = O_WRONLY | O_CREAT | O_TRUNC
}

/// `orca hook`: what agents run. It reads its own command line and makes nothing of mistakes in it, because for an agent
/// every exit code but 0 means something: 2 would stop its tool.
enum HookRelay {
    /// How long the agent is kept waiting for its own payload, and for the server.
    static let payloadPatience = Duration.milliseconds(300)
    static let serverPatienceMS = 300
    /// Bytes of a payload that are looked at; agents put whole files into them.
    static let payloadBytesMax = 8 << 20

    /// For help and completions.
    static var command: Command {
        Command(
            "hook", "Report what a coding agent does: its hooks run this.", section: .more,
            flags: [
                .value("agent", .text, "AGENT", "Which agent runs it."),
                .value("event", .text, "EVENT", "Its event, in case the payload does not say."),
            ],
            rest: .init("COMMAND", "Codex: a program that gets the same notification afterwards.", required: false),
            discussion: """
                Reads the agent's payload from standard input, tells the server when one is running, prints {} and exits \
                with 0, whatever happens, within a second.
                """,
            run: { (call) throws(APIError) in HookRelay.run(call.context, Array(call.context.arguments.dropFirst())) })
    }

    static func run(_ context: CLIContext, _ words: [String]) {
        let line = HookLine(words)
        let agent = line.agent.flatMap { HookAgent(rawValue: $0) }
        var context = context
        context.environment = TerminalAround.environment(context.environment)
        if agent?.readsOutput != false { context.out.write("{}\n") }
        context.out.flush()
        guard let agent else { return }
        // Codex hands its notification over as the last word.
        let payload = line.rest.last.map { Array($0.utf8) } ?? readPayload()
        HookTrace(context.places).leave(agent, line.event ?? "")
        if let report = HookPayload.report(agent: agent, event: line.event, payload: payload) {
            send(report, context)
        }
        passOn(line.rest, context)
    }

    private static func readPayload() -> [UInt8] {
        guard isatty(0) == 0 else { return [] }
        let deadline = Deadline.after(payloadPatience)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < payloadBytesMax, !Poll.readable([0], until: deadline).isEmpty {
            let count = read(0, &chunk, chunk.count)
            if count <= 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    /// Only sessions in terminals of ours are followed; the server is never started for one.
    private static func send(_ report: HookReport, _ context: CLIContext) {
        guard let terminal = context.variable(ContractIdentity.variable) else { return }
        var options = ConnectOptions(environment: context.environment)
        options.timeoutMS = serverPatienceMS
        var request = OrcaV1.ReportHookRequest()
        request.workspace = context.variable("ORCA_WORKSPACE") ?? "default"
        request.terminal = terminal
        request.event = report.event.rawValue
        request.detail = report.detail
        request.agentKind = report.agent
        // An agent is not told that nobody listens.
        _ = try? context.connectWithoutStarting(options).call(Operations.reportHook, request)
    }

    /// The person's own program, which our relay stands in front of, gets what it would have got.
    private static func passOn(_ rest: [String], _ context: CLIContext) {
        guard rest.count > 1 else { return }
        do throws(APIError) {
            // Found on PATH, as Codex would have found it.
            try context.host.become("/usr/bin/env", ["--"] + rest)
        } catch {
            context.err.write("orca hook: \(error.message)\n")
        }
    }
}

/// `--agent A --event E -- REST`, in any order, everything else ignored.
struct HookLine {
    private(set) var agent: String?
    private(set) var event: String?
    private(set) var rest: [String] = []

    init(_ words: [String]) {
        var left = words[...]
        while let word = left.popFirst() {
            switch word {
            case "--agent": agent = left.popFirst()
            case "--event": event = left.popFirst()
            case "--":
                rest = Array(left)
                return
            default:
                if word.hasPrefix("--agent=") { agent = String(word.dropFirst("--agent=".count)) }
                if word.hasPrefix("--event=") { event = String(word.dropFirst("--event=".count)) }
            }
        }
    }
}
