import OrcaAPI
package import OrcaProtobuf
package import OrcaSupport

/// Turns what a script hands to a method into the operation's request, and the answer into what the script gets.
package struct MethodCall: Sendable {
    package let method: Method
    /// For requests that name none.
    package let workspace: String

    package init(_ method: Method, workspace: String) {
        self.method = method
        self.workspace = workspace
    }

    /// `get("API-1")`, `get({task: "API-1"})`, `update("API-1", {title: "x"})`
    package func request(_ arguments: [JSONValue]) throws(ScriptError) -> any ProtoMessage {
        var members = try members(arguments)
        let fields = method.operation.requestType.protoFields
        for member in members where fields.number(of: member.name) == nil {
            throw unknown(member.name, fields)
        }
        if fields.number(of: "workspace") != nil, !members.contains(where: { $0.name == "workspace" }) {
            members.append(.init("workspace", .string(workspace)))
        }
        do {
            return try method.operation.requestType.init(jsonBytes: JSONValue.object(members).jsonBytes())
        } catch {
            let place = error.path.isEmpty ? "" : " \(error.path):"
            throw ScriptError(
                "invalid_argument", "orca.\(method.name):\(place) \(error.message)", name: "TypeError",
                hint: "orca.help(\"\(method.noun)\") shows the types.", details: ["field": error.path])
        }
    }

    private func members(_ arguments: [JSONValue]) throws(ScriptError) -> [JSONValue.Member] {
        guard let first = arguments.first, first != .null else {
            guard arguments.count <= 1 else { throw wrongArguments("the first is missing") }
            return []
        }
        guard arguments.count <= 2 else { throw wrongArguments("there are \(arguments.count)") }
        var rest: [JSONValue.Member] = []
        if arguments.count == 2 {
            guard case .object(let more) = arguments[1] else { throw wrongArguments("the second is no object") }
            rest = more
        }
        switch first {
        case .object(let members):
            guard arguments.count == 1 else { throw wrongArguments("there are two, and the first is an object") }
            return members
        case .array, .bool, .null: throw wrongArguments("the first is neither an object nor a text")
        default:
            guard let field = method.mainField else { throw wrongArguments("the first is no object") }
            let text = first.stringValue ?? String(decoding: first.jsonBytes(), as: UTF8.self)
            return [.init(field, .string(text))] + rest
        }
    }

    private func wrongArguments(_ what: String) -> ScriptError {
        let short = method.mainField.map { " or orca.\(method.name)(\($0), {…})" } ?? ""
        return ScriptError(
            "invalid_argument", "orca.\(method.name) takes one object of named values; \(what)", name: "TypeError",
            hint: "Write orca.\(method.name)({…})\(short).")
    }

    private func unknown(_ name: String, _ fields: ProtoFields) -> ScriptError {
        let names = fields.all.map(\.jsonName)
        let near = Suggestion.nearest(to: name, in: names)
        return ScriptError(
            "invalid_argument", "orca.\(method.name) has no field \(name.prefix(60))", name: "TypeError",
            hint: near.map { "Did you mean \($0)?" } ?? "It has: \(names.joined(separator: ", ")).",
            details: ["field": String(name.prefix(60))])
    }

    /// An answer that is one thing in a wrapper is that thing.
    package func value(_ response: any ProtoMessage) throws(ScriptError) -> JSONValue {
        let json: JSONValue
        do {
            json = try JSONValue(jsonBytes: response.jsonBytes())
        } catch {
            throw ScriptError("internal", "The answer of orca.\(method.name) is no JSON: \(error).")
        }
        guard type(of: response).protoFields.all.count == 1, case .object(let members) = json, members.count == 1,
            case .object = members[0].value
        else { return json }
        return members[0].value
    }
}
