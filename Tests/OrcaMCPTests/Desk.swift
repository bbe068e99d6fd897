import OrcaAPI
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
                    $0.declaration = "orca.tasks.create({ workspace?, title? }): Promise<Task>"
                }
            ]
        })
    /// The errands that were run.
    private(set) var errands: [MCPErrand] = []

    static let server = MCPServer(
        workspace: "default",
        documents: [MCPDocument(uri: "orca://skills/x", name: "x", description: "About x.", text: "Read me.")])

    /// Everything that is sent back for one message.
    mutating func send(_ json: JSONValue) throws -> [JSONValue] {
        let message: RPCMessage
        do throws(RPCRefusal) { message = try RPCMessage(json) } catch { return [error.answer] }
        switch Self.server.react(to: message, in: &session) {
        case .silence, .cancel: return []
        case .answer(let answer, _): return [answer]
        case .errand(let errand):
            errands.append(errand)
            let isScript = errand.message is OrcaV1.RunScriptRequest
            let outcome: Result<any ProtoMessage, APIError> =
                isScript ? script.map { $0 as any ProtoMessage } : methods.map { $0 as any ProtoMessage }
            return (errand.beginning.map { [$0] } ?? []) + Self.server.answers(to: errand, outcome)
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

    mutating func shakeHands(_ revision: MCPRevision, client: String = "test") throws {
        let result = try ask(
            "initialize",
            [
                "protocolVersion": .string(revision.rawValue), "capabilities": [:],
                "clientInfo": ["name": .string(client), "version": "1"],
            ])
        #expect(result["protocolVersion"]?.stringValue == revision.rawValue)
        #expect(try send(["jsonrpc": "2.0", "method": "notifications/initialized"]).isEmpty)
    }

    static func request(_ method: String, _ parameters: JSONValue) -> JSONValue {
        ["jsonrpc": "2.0", "id": 1, "method": .string(method), "params": parameters]
    }

    /// Parameters of a request that stands for itself.
    static func stateless(_ parameters: JSONValue = [:], revision: String = "2026-07-28") -> JSONValue {
        parameters.adding([
            "_meta": [
                "io.modelcontextprotocol/protocolVersion": .string(revision),
                "io.modelcontextprotocol/clientCapabilities": [:],
            ]
        ])
    }
}
