import OrcaSupport
import OrcaTestKit
import Testing

@testable import OrcaAgents

@Suite struct HookPayloadTests {
    struct Fixture: Sendable, CustomTestStringConvertible {
        let agent: HookAgent
        var flag: String?
        let payload: String
        let event: HookEvent?
        var session = ""
        var tool = ""
        var message = ""
        var told: String?
        var testDescription: String { "\(agent.rawValue) \(payload.prefix(60))" }
    }

    /// Payloads as the agents send them, shortened.
    static let fixtures: [Fixture] = [
        Fixture(
            agent: .claude,
            payload:
                #"{"session_id":"c1","transcript_path":"/t","cwd":"/w","permission_mode":"default","hook_event_name":"SessionStart","source":"startup"}"#,
            event: .sessionStart, session: "c1", message: "startup"),
        Fixture(
            agent: .claude,
            payload: #"{"session_id":"c1","cwd":"/w","hook_event_name":"UserPromptSubmit","prompt":"do it"}"#,
            event: .turnStart, session: "c1", message: "do it"),
        Fixture(
            agent: .claude,
            payload:
                #"{"session_id":"c1","cwd":"/w","hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"ls"},"tool_use_id":"u"}"#,
            event: .toolStart, session: "c1", tool: "Bash"),
        Fixture(
            agent: .claude,
            payload:
                #"{"session_id":"c1","hook_event_name":"PreToolUse","tool_name":"AskUserQuestion","tool_input":{}}"#,
            event: .needsInput, session: "c1", tool: "AskUserQuestion"),
        Fixture(
            agent: .claude,
            payload:
                #"{"session_id":"c1","hook_event_name":"PostToolUse","tool_name":"Bash","tool_response":{},"duration_ms":3}"#,
            event: .toolEnd, session: "c1", tool: "Bash"),
        Fixture(
            agent: .claude,
            payload:
                #"{"session_id":"c1","hook_event_name":"Stop","stop_hook_active":false,"last_assistant_message":"All done."}"#,
            event: .turnEnd, session: "c1", message: "All done."),
        Fixture(
            agent: .claude, payload: #"{"session_id":"c1","hook_event_name":"StopFailure","error":"rate_limit"}"#,
            event: .error, session: "c1", message: "rate_limit"),
        Fixture(
            agent: .claude,
            payload:
                #"{"session_id":"c1","hook_event_name":"Notification","notification_type":"permission_prompt","message":"Claude needs your permission to use Bash"}"#,
            event: .needsInput, session: "c1", message: "Claude needs your permission to use Bash"),
        Fixture(
            agent: .claude,
            payload:
                #"{"session_id":"c1","hook_event_name":"Notification","notification_type":"idle_prompt","message":"waiting"}"#,
            event: nil),
        Fixture(
            agent: .claude, payload: #"{"sessionId":"v1","hookEventName":"PreToolUse","toolName":"edit"}"#,
            event: .toolStart, session: "v1", tool: "edit"),
        Fixture(agent: .claude, payload: #"{"session_id":"c1","hook_event_name":"SubagentStop"}"#, event: nil),
        Fixture(agent: .claude, payload: #"{"hook_event_name":"FutureEvent"}"#, event: nil),
        Fixture(agent: .claude, flag: "Stop", payload: #"{"session_id":"c1","hook_ev"#, event: .turnEnd),
        Fixture(agent: .claude, payload: "", event: nil),
        Fixture(
            agent: .codex,
            payload:
                #"{"cwd":"/w","hook_event_name":"PreToolUse","model":"m","session_id":"x1","tool_name":"apply_patch","turn_id":"t"}"#,
            event: .toolStart, session: "x1", tool: "apply_patch"),
        Fixture(
            agent: .codex,
            payload:
                #"{"type":"agent-turn-complete","thread-id":"x1","turn-id":"1","cwd":"/w","input-messages":["hi"],"last-assistant-message":"ok"}"#,
            event: .turnEnd, session: "x1", message: "ok"),
        Fixture(
            agent: .gemini,
            payload:
                #"{"session_id":"g1","cwd":"/w","hook_event_name":"BeforeTool","tool_name":"run_shell_command","timestamp":"t"}"#,
            event: .toolStart, session: "g1", tool: "run_shell_command"),
        Fixture(
            agent: .gemini,
            payload:
                #"{"session_id":"g1","hook_event_name":"Notification","notification_type":"ToolPermission","message":"Allow?"}"#,
            event: .needsInput, session: "g1", message: "Allow?"),
        Fixture(
            agent: .gemini, payload: #"{"session_id":"g1","hook_event_name":"AfterAgent","prompt_response":"fin"}"#,
            event: .turnEnd, session: "g1", message: "fin"),
        Fixture(
            agent: .cursor,
            payload:
                #"{"conversation_id":"k1","generation_id":"g","hook_event_name":"beforeSubmitPrompt","cursor_version":"2","workspace_roots":["/w"],"prompt":"p"}"#,
            event: .turnStart, session: "k1", message: "p"),
        Fixture(
            agent: .claude,
            payload:
                #"{"conversation_id":"k1","hook_event_name":"stop","cursor_version":"2","workspace_roots":["/w"]}"#,
            event: .turnEnd, session: "k1", told: "cursor"),
        Fixture(
            agent: .opencode, flag: "tool.execute.before",
            payload: #"{"session_id":"o1","tool":"bash","cwd":"/w","pid":7}"#,
            event: .toolStart, session: "o1", tool: "bash"),
        Fixture(
            agent: .opencode, flag: "session.idle", payload: #"{"session_id":"o1"}"#, event: .turnEnd, session: "o1"),
        Fixture(
            agent: .opencode, flag: "permission.asked", payload: #"{"session_id":"o1","message":"bash?"}"#,
            event: .needsInput, session: "o1", message: "bash?"),
        Fixture(
            agent: .copilot, flag: "agentStop", payload: #"{"sessionId":"p1","timestamp":1,"cwd":"/w"}"#,
            event: .turnEnd,
            session: "p1"),
        Fixture(
            agent: .copilot, flag: "preToolUse",
            payload: #"{"sessionId":"p1","toolName":"bash","toolArgs":"{}","cwd":"/w"}"#,
            event: .toolStart, session: "p1", tool: "bash"),
        Fixture(
            agent: .copilot, flag: "errorOccurred",
            payload: #"{"sessionId":"p1","error":{"message":"boom","name":"E"}}"#,
            event: .error, session: "p1", message: "boom"),
    ]

    @Test(arguments: fixtures)
    func everyAgentsPayloadIsUnderstood(fixture: Fixture) {
        let report = HookPayload.report(
            agent: fixture.agent, event: fixture.flag, payload: Array(fixture.payload.utf8))
        #expect(report?.event == fixture.event)
        #expect(report?.session ?? "" == fixture.session)
        #expect(report?.tool ?? "" == fixture.tool)
        #expect(report?.message ?? "" == fixture.message)
        if let report { #expect(report.agent == fixture.told ?? fixture.agent.rawValue) }
        if fixture.payload.contains("/w") { #expect(report?.directory == "/w") }
    }

    @Test func everyEventThatIsHookedIsUnderstood() throws {
        for agent in HookAgent.allCases {
            for event in HookShape.of(agent)?.events ?? [] where event.name.lowercased() != "notification" {
                #expect(
                    HookPayload.report(agent: agent, event: event.name, payload: []) != nil, "\(agent) \(event.name)")
            }
        }
    }

    @Test func longMessagesAreCutBetweenCharacters() throws {
        let text = String(repeating: "é", count: HookReport.messageBytesMax)
        let payload = JSONValue.object([
            JSONValue.Member("hook_event_name", .string("Stop")),
            JSONValue.Member("last_assistant_message", .string(text)),
        ])
        let report = try #require(HookPayload.report(agent: .claude, event: nil, payload: payload.jsonBytes()))
        #expect(report.message.utf8.count == HookReport.messageBytesMax)
    }
}
