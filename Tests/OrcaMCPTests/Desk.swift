import OrcaAPI
import OrcaDomain
import OrcaMCP
import OrcaProtobuf
import OrcaSupport
import Testing

/// A client's side of the protocol, with a server whose operations answer what the test says.
struct Desk {
    var session = MCPSession()
    var script: Result<OrcaV1.RunScriptResponse, APIError> = .success(.with { $0.ok = true })
    var methods: Result<OrcaV1.SearchMethodsResponse, APIError> = .success(
        .with {
            $0.methods = [
                .with {
                    $0.name = "tasks.create"
                    $0.summary = "Create a task."
                    $0.declaration = "orca.tasks.create(args: { title: string }): Promise<Task>"
                }
            ]
            $0.introduction = "Run a script."
            $0.declarations = "Methods:\ntasks: create({title}): Task"
            $0.types = "type Task = { ref: string; status: TaskStatus }\ntype TaskStatus = \"ready\"\ntype Gate = {}"
        })
    /// What other operations answer.
    var others: Result<any ProtoMessage, APIError> = .failure(APIError("not_found", .notFound, "There is none."))
    /// What the client answers to questions; `nil` is an error.
    var replies: [JSONValue?] = []
    /// What the client was asked.
    private(set) var asked: [JSONValue] = []
    var server = Desk.server
    /// The errands that were run.
    private(set) var errands: [MCPErrand] = []

    static let documents = [MCPDocument(uri: "orca://skills/x", name: "x", description: "About x.", text: "Read me.")]
    static let server = MCPServer(workspace: "default", documents: documents)

    /// Everything that is sent back for one message.
    mutating func send(_ json: JSONValue) throws -> [JSONValue] {
        let message: RPCMessage
        do throws(RPCRefusal) { message = try RPCMessage(json) } catch { return [error.answer] }
        switch server.react(to: message, in: &session) {
        case .silence, .cancel, .reply: return []
        case .answer(let answer, _): return [answer]
        case .listen(let listening): return [listening.acknowledgement]
        case .errand(let errand): return run(errand)
        }
    }

    private mutating func run(_ first: MCPErrand) -> [JSONValue] {
        var sent = first.beginning.map { [$0] } ?? []
        var errand = first
        while true {
            errands.append(errand)
            switch server.next(after: errand, outcome(of: errand)) {
            case .answer(let progress, let answer): return sent + (progress.map { [$0] } ?? []) + [answer]
            case .ask(let inquiry):
                asked.append(inquiry.message)
                sent.append(inquiry.message)
                errand = server.errand(after: inquiry, reply: replies.isEmpty ? nil : replies.removeFirst())
            }
        }
    }

    private func outcome(of errand: MCPErrand) -> Result<any ProtoMessage, APIError> {
        switch errand.message {
        case let order as OrcaV1.RunScriptRequest:
            // A script that asks goes on with its first answer; where nobody can be asked, it does not ask.
            if case .success(let report) = script, report.question != nil, !order.canAsk {
                return .success(.with { $0.ok = true } as OrcaV1.RunScriptResponse)
            }
            if case .success(let report) = script, report.question != nil, !order.answers.isEmpty {
                return .success(
                    .with { ($0.ok, $0.value) = (true, .string(order.answers[0].text)) } as OrcaV1.RunScriptResponse)
            }
            return script.map { $0 as any ProtoMessage }
        case is OrcaV1.SearchMethodsRequest: return methods.map { $0 as any ProtoMessage }
        default: return others
        }
    }

    /// The result of a request.
    mutating func ask(_ method: String, _ parameters: JSONValue = [:]) throws -> JSONValue {
        let answer = try #require(send(Self.request(method, parameters)).last)
        #expect(answer["id"] == 1 && answer["jsonrpc"] == "2.0")
        return try #require(answer["result"], "\(method): \(answer)")
    }

    /// The code of the error that a request is answered with.
    mutating func refusal(_ method: String, _ parameters: JSONValue = [:]) throws -> Int64? {
        try send(Self.request(method, parameters)).last?["error"]?["code"]?.integerValue
    }

    mutating func call(_ tool: String, _ arguments: JSONValue) throws -> JSONValue {
        try ask("tools/call", ["name": .string(tool), "arguments": arguments])
    }

    mutating func shakeHands(
        _ revision: MCPRevision, client: String = "test", capabilities: JSONValue = [:]
    ) throws {
        let result = try ask(
            "initialize",
            [
                "protocolVersion": .string(revision.rawValue), "capabilities": capabilities,
                "clientInfo": ["name": .string(client), "version": "1"],
            ])
        #expect(result["protocolVersion"]?.stringValue == revision.rawValue)
        #expect(try send(["jsonrpc": "2.0", "method": "notifications/initialized"]).isEmpty)
    }

    static func request(_ method: String, _ parameters: JSONValue) -> JSONValue {
        ["jsonrpc": "2.0", "id": 1, "method": .string(method), "params": parameters]
    }

    /// Parameters of a request that stands for itself.
    static func stateless(
        _ parameters: JSONValue = [:], revision: String = "2026-07-28", capabilities: JSONValue = [:]
    ) -> JSONValue {
        parameters.adding([
            "_meta": [
                "io.modelcontextprotocol/protocolVersion": .string(revision),
                "io.modelcontextprotocol/clientCapabilities": capabilities,
            ]
        ])
    }
}
