import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

extension MCPServer {
    /// A call of an unknown tool is a mistake of the client's; wrong arguments are the model's, who is told in a result.
    func callTool(_ request: MCPRequest) throws(RPCError) -> MCPReaction {
        guard let name = request.parameters["name"]?.stringValue else {
            throw RPCError(.invalidParameters, "tools/call needs name, a text.")
        }
        guard let tool = Tools.Name(rawValue: name) else {
            throw RPCError(.invalidParameters, "There is no tool '\(name.prefix(80))'. There are execute and search.")
        }
        if tool == .wait { try needTasks(request) }
        let errand: MCPErrand
        let given = request.parameters["arguments"] ?? .object([])
        do throws(ArgumentError) {
            var arguments = try ToolArguments(given, allowed: tool.arguments)
            switch tool {
            case .execute: errand = try execute(request, &arguments)
            case .search: errand = try search(request, &arguments)
            case .wait: errand = try wait(request, arguments)
            }
        } catch {
            return request.answer(ToolReport(refused: error).result(in: request.revision))
        }
        return .errand(tool == .execute ? try resumed(errand) : errand)
    }

    private func execute(
        _ request: MCPRequest, _ arguments: inout ToolArguments
    ) throws(ArgumentError) -> MCPErrand {
        var order = OrcaV1.RunScriptRequest()
        order.workspace = workspace
        order.code = try arguments.requiredText("code")
        if let limit = try arguments.integer("timeout_ms", in: 1...Tools.timeoutMSMax) { order.timeoutMs = limit }
        order.dryRun = try arguments.isOn("dry_run")
        var key = try arguments.text("idempotency_key")
        if request.canAsk {
            // Run again with an answer, it must repeat nothing.
            order.canAsk = true
            key = key ?? "mcp-" + MCPKeeping.nonce()
        }
        return MCPErrand(
            request: request, purpose: .execute, operation: Operations.runScript.erased, message: order,
            idempotencyKey: key)
    }

    private func search(
        _ request: MCPRequest, _ arguments: inout ToolArguments
    ) throws(ArgumentError) -> MCPErrand {
        var order = OrcaV1.SearchMethodsRequest()
        order.query = try arguments.requiredText("query", mayBeEmpty: true)
        order.limit = Tools.foundMax
        order.withTypes = true
        return MCPErrand(
            request: request, purpose: .search, operation: Operations.searchMethods.erased, message: order,
            idempotencyKey: nil)
    }
}

/// An argument that is not what its tool's schema says.
struct ArgumentError: Error, Sendable, Hashable {
    let field: String
    let message: String
}

/// The arguments of a call, checked against the tool's schema.
struct ToolArguments {
    private let json: JSONValue

    init(_ json: JSONValue, allowed: [String]) throws(ArgumentError) {
        guard case .object(let members) = json else {
            throw ArgumentError(field: "arguments", message: "arguments must be an object.")
        }
        for member in members where !allowed.contains(member.name) {
            let near = Suggestion.nearest(to: member.name, in: allowed)
            throw ArgumentError(
                field: String(member.name.prefix(80)),
                message: "There is no argument '\(member.name.prefix(80))'. "
                    + (near.map { "Did you mean \($0)?" } ?? "There are \(allowed.joined(separator: ", "))."))
        }
        self.json = json
    }

    func text(_ name: String) throws(ArgumentError) -> String? {
        guard let value = json[name], value != .null else { return nil }
        guard let text = value.stringValue else {
            throw ArgumentError(field: name, message: "\(name) must be a string.")
        }
        guard !text.isEmpty else {
            throw ArgumentError(field: name, message: "\(name) must not be empty. Leave it out, or give one.")
        }
        return text
    }

    func requiredText(_ name: String, mayBeEmpty: Bool = false) throws(ArgumentError) -> String {
        if mayBeEmpty, json[name]?.stringValue == "" { return "" }
        guard let text = try text(name) else {
            throw ArgumentError(field: name, message: "\(name) is missing; it must be a string.")
        }
        return text
    }

    func isOn(_ name: String) throws(ArgumentError) -> Bool {
        guard let value = json[name], value != .null else { return false }
        guard let isOn = value.boolValue else {
            throw ArgumentError(field: name, message: "\(name) must be true or false.")
        }
        return isOn
    }

    func integer(_ name: String, in range: ClosedRange<Int32>) throws(ArgumentError) -> Int32? {
        guard let value = json[name], value != .null else { return nil }
        guard let number = value.integerValue, let small = Int32(exactly: number), range.contains(small) else {
            throw ArgumentError(
                field: name, message: "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return small
    }
}
