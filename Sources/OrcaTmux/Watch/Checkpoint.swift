import Glibc
import OrcaSupport
import OrcaTerminal

/// What must be remembered of a terminal so that the next server takes it over as it was.
struct Checkpoint: Sendable, Hashable {
    var handle = ""
    var paneID = ""
    var tabID = ""
    var pid: Int32 = 0
    var startTime: UInt64 = 0
    var agentKind = ""
    var declaredKind = ""
    var directory = ""
    var labels: [String: String] = [:]
    var createdAtMS: Int64 = 0
    var isShellRooted = false
    /// Which run of the terminals' server it lives in.
    var server = ""
    var title: String?
    var programTitle = ""
    var mark = Transcript.Mark(offset: 0, line: 0)
    var memory = DetectorMemory()
    var exit: TerminalExit?
    var lastOutputAtMS: Int64?

    init() {}

    init(json bytes: [UInt8]) throws(JSONError) {
        let root = try JSONValue(jsonBytes: bytes)
        func text(_ name: String) -> String { root[name]?.stringValue ?? "" }
        func number(_ name: String) -> Int64? { root[name]?.integerValue }
        handle = text("handle")
        paneID = text("pane")
        tabID = text("tab")
        pid = Int32(clamping: number("pid") ?? 0)
        startTime = UInt64(text("start_time")) ?? 0
        agentKind = text("agent")
        declaredKind = text("declared_agent")
        directory = text("directory")
        createdAtMS = number("created_at_ms") ?? 0
        isShellRooted = root["shell_rooted"]?.boolValue ?? false
        server = text("server")
        title = root["title"]?.stringValue
        programTitle = text("program_title")
        mark = Transcript.Mark(offset: number("offset") ?? 0, line: number("line") ?? 0)
        lastOutputAtMS = number("last_output_at_ms")
        if case .object(let members)? = root["labels"] {
            for member in members { labels[member.name] = member.value.stringValue }
        }
        memory = DetectorMemory(json: root["memory"])
        if let code = number("exit_code") { exit = .code(Int32(clamping: code)) }
        if let signal = number("exit_signal") { exit = .signal(Int32(clamping: signal)) }
        if root["exit_lost"]?.boolValue == true { exit = .lost }
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("handle", .string(handle)), .init("pane", .string(paneID)), .init("tab", .string(tabID)),
            .init("pid", .integer(Int64(pid))), .init("start_time", .string(String(startTime))),
            .init("agent", .string(agentKind)), .init("declared_agent", .string(declaredKind)),
            .init("directory", .string(directory)), .init("created_at_ms", .integer(createdAtMS)),
            .init("shell_rooted", .bool(isShellRooted)), .init("server", .string(server)),
            .init("program_title", .string(programTitle)), .init("offset", .integer(mark.offset)),
            .init("line", .integer(mark.line)), .init("memory", memory.json),
            .init("labels", .object(labels.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
        ]
        if let title { members.append(.init("title", .string(title))) }
        if let lastOutputAtMS { members.append(.init("last_output_at_ms", .integer(lastOutputAtMS))) }
        switch exit {
        case .code(let code): members.append(.init("exit_code", .integer(Int64(code))))
        case .signal(let number): members.append(.init("exit_signal", .integer(Int64(number))))
        case .lost: members.append(.init("exit_lost", .bool(true)))
        case nil: break
        }
        return .object(members)
    }

    /// Replaces the file in one step. Not forced to the disk: panes do not survive a power loss either.
    func save(to path: String) throws(SystemError) {
        let temporary = path + ".new"
        let file = try OwnedDescriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        try file.write(json.jsonBytes(), to: temporary)
        guard rename(temporary, path) == 0 else { throw .last("write", path) }
    }
}
