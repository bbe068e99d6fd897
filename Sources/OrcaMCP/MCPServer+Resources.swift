import OrcaAPI
import OrcaProtobuf
import OrcaSupport

extension MCPServer {
    static let methodsURI = "orca://methods"

    static let methodsTemplate: JSONValue = [
        "uriTemplate": .string(methodsURI + "/{noun}"), "name": "methods of a noun",
        "description": "The methods of orca.<noun>, like tasks or gates, with the types that they name.",
        "mimeType": "application/typescript",
    ]

    var resources: [JSONValue] {
        documents.map { Self.entry($0.uri, $0.name, $0.description, "text/markdown") } + [
            Self.entry(
                Self.methodsURI, "methods", "Every method of the global orca, with all types.", "application/typescript"
            )
        ]
    }

    private static func entry(_ uri: String, _ name: String, _ description: String, _ type: String) -> JSONValue {
        [
            "uri": .string(uri), "name": .string(name), "description": .string(description), "mimeType": .string(type),
        ]
    }

    func readResource(_ request: MCPRequest) throws(RPCError) -> MCPReaction {
        guard let uri = request.parameters["uri"]?.stringValue else {
            throw RPCError(.invalidParameters, "resources/read needs uri, a text.")
        }
        if uri == Self.methodsURI { return .errand(tellMethods(request, .readMethods(uri: uri, noun: ""))) }
        if uri.hasPrefix(Self.methodsURI + "/") {
            let noun = String(uri.dropFirst(Self.methodsURI.count + 1))
            return .errand(tellMethods(request, .readMethods(uri: uri, noun: noun)))
        }
        guard let document = documents.first(where: { $0.uri == uri }) else {
            throw Self.unknownResource(uri, request)
        }
        return request.answer(Self.contents(uri, "text/markdown", document.text), isCacheable: true)
    }

    /// The answer with the methods of a noun, or all.
    func methods(
        of noun: String, _ uri: String, in found: OrcaV1.SearchMethodsResponse, _ request: MCPRequest
    ) -> JSONValue {
        let methods = found.methods.filter { noun.isEmpty || $0.name.hasPrefix(noun + ".") }
        guard !methods.isEmpty else { return Self.unknownResource(uri, request).answer(to: request.id) }
        let types = TypeLines(found.types).named(by: methods.map(\.declaration))
        let text = methods.map { "// \($0.summary)\n\($0.declaration)\n" }.joined(separator: "\n")
        return request.envelope(
            Self.contents(uri, "application/typescript", text + "\n" + types.joined(separator: "\n")),
            isCacheable: true)
    }

    private static func unknownResource(_ uri: String, _ request: MCPRequest) -> RPCError {
        RPCError(
            request.revision.isStateless ? .invalidParameters : .unknownResource,
            "There is no resource '\(uri.prefix(200))'. resources/list names all.",
            data: ["uri": .string(String(uri.prefix(200)))])
    }

    private static func contents(_ uri: String, _ type: String, _ text: String) -> JSONValue {
        ["contents": [["uri": .string(uri), "mimeType": .string(type), "text": .string(text)]]]
    }
}

/// Declarations of types, one a line.
private struct TypeLines {
    private let lines: [(name: String, line: String)]

    init(_ text: String) {
        lines = text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 2)
            return words.count == 3 && words[0] == "type" ? (String(words[1]), String(line)) : nil
        }
    }

    /// Those that the texts name, and those that these name in turn.
    func named(by texts: [String]) -> [String] {
        var known: Set<String> = []
        var pending = texts
        while let text = pending.popLast() {
            let words = Set(text.split { !$0.isLetter && !$0.isNumber }.map(String.init))
            for (name, line) in lines where words.contains(name) && known.insert(name).inserted { pending.append(line) }
        }
        return lines.filter { known.contains($0.name) }.map(\.line)
    }
}
