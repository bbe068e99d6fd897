import OrcaSupport

extension MCPServer {
    /// One entry of the list of resources.
    struct Resource {
        let uri: String
        let entry: JSONValue

        init(_ uri: String, _ name: String, _ description: String, _ type: String) {
            self.uri = uri
            entry = [
                "uri": .string(uri), "name": .string(name), "description": .string(description),
                "mimeType": .string(type),
            ]
        }
    }

    static let methodsURI = "orca://methods"

    var resources: [Resource] {
        documents.map { Resource($0.uri, $0.name, $0.description, "text/markdown") } + [
            Resource(
                Self.methodsURI, "methods", "Every method of the global orca, with its arguments.",
                "application/typescript")
        ]
    }

    func readResource(_ request: MCPRequest) throws(RPCError) -> MCPReaction {
        guard let uri = request.parameters["uri"]?.stringValue else {
            throw RPCError(.invalidParameters, "resources/read needs uri, a text.")
        }
        if uri == Self.methodsURI { return .errand(methodList(request, .readMethods(uri: uri))) }
        guard let document = documents.first(where: { $0.uri == uri }) else {
            throw RPCError(
                request.revision.isStateless ? .invalidParameters : .unknownResource,
                "There is no resource '\(uri.prefix(200))'. resources/list names all.",
                data: ["uri": .string(String(uri.prefix(200)))])
        }
        return request.answer(Self.contents(uri, "text/markdown", document.text), isCacheable: true)
    }
}
