import OrcaSupport
import OrcaTerminal
import OrcaTestKit
import OrcaTmux

/// A program that plays a coding agent, and what it says it truly did.
struct FakeAgent {
    static let styles = [
        "claude", "claude-static", "codex", "gemini", "opencode", "droid", "cursor", "mistral-vibe", "aider",
    ]

    let handle: String
    let style: String
    let log: String

    struct Moment {
        var at: Int64
        var state: String
    }

    /// What the agent's program is started by.
    enum Starter {
        /// The terminal itself.
        case terminal
        /// A shell that stays when it has ended.
        case shell
        /// A script without job control, as launchers are.
        case script
    }

    static func start(
        _ style: String, in fixture: TmuxFixture, _ host: TmuxHost, by starter: Starter = .terminal
    ) async throws -> FakeAgent {
        let handle = TestHandle.next()
        let log = fixture.folder.path("\(handle).log")
        let script = Files.split(#filePath).folder + "/../Fixtures/fake_agent.py"
        let kind = style == "claude-static" ? "claude" : style
        let line = "python3 '\(script)' \(style) '\(log)'"
        let command: TerminalCommand =
            switch starter {
            case .terminal: .arguments(["python3", script, style, log])
            case .shell: .line(line)
            case .script: .arguments(["/bin/sh", "-c", line + "; exit $?"])
            }
        _ = try await host.create(
            TerminalSpec(handle: handle, directory: fixture.directory, command: command, agentKind: kind))
        return FakeAgent(handle: handle, style: style, log: log)
    }

    private func entries() throws -> [JSONValue] {
        guard Files.size(log) != nil else { return [] }
        return try Files.readText(log).split(whereSeparator: \.isNewline).map {
            try JSONValue(jsonBytes: Array($0.utf8))
        }
    }

    /// What it did, in order.
    func truth() throws -> [Moment] {
        try entries().compactMap { entry in
            guard let state = entry["state"]?.stringValue, let at = entry["t"]?.integerValue else { return nil }
            return Moment(at: at, state: state)
        }
    }

    /// The prompts it took, as bytes in hexadecimal digits.
    func prompts() throws -> [String] { try entries().compactMap { $0["prompt"]?.stringValue } }

    /// How many prompts it took.
    private func taken() throws -> Int {
        guard Files.size(log + ".taken") != nil else { return 0 }
        return Int(try Files.readText(log + ".taken")) ?? 0
    }

    func awaitPrompt(_ count: Int) async throws {
        try await awaitTruth("\(style) takes prompt \(count)") { try taken() >= count }
    }

    static func hex(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: text.utf8.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Notes every state a terminal goes through.
final class StateTrace: Sendable {
    struct Step: Sendable {
        var at: Int64
        var status: TerminalStatus
    }

    private let task: Task<[Step], Never>

    init(_ host: TmuxHost, _ handle: String) {
        let changes = host.changes()
        task = Task {
            var steps: [Step] = []
            for await change in changes where change.status.handle == handle {
                steps.append(Step(at: SystemTime.monotonicMilliseconds(), status: change.status))
            }
            return steps
        }
    }

    /// Ends the trace.
    func steps() async -> [Step] {
        task.cancel()
        return await task.value
    }
}
