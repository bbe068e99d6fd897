package import OrcaProtobuf

/// One operation of the API, as the catalogue lists it. `Operations` has them all.
package struct APIOperation: Sendable {
    /// `ClaimTask`; unique.
    package let name: String
    /// `TaskService`
    package let service: String
    /// First sentence of the operation's comment in the proto.
    package let summary: String
    package let requestType: any ProtoMessage.Type
    package let responseType: any ProtoMessage.Type
    package let serverStreaming: Bool
    /// At least one; the first is the main one.
    package let routes: [HTTPRoute]

    /// Changes nothing: its verb is GET.
    package var isRead: Bool { routes.allSatisfy { $0.method == .get } }
}

extension APIOperation: Hashable {
    package static func == (left: APIOperation, right: APIOperation) -> Bool { left.name == right.name }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// An operation together with the types of its request and response, for callers in Swift.
package struct TypedOperation<Request: ProtoMessage, Response: ProtoMessage>: Sendable {
    package let erased: APIOperation

    package init(name: String, service: String, summary: String, serverStreaming: Bool, routes: [HTTPRoute]) {
        erased = APIOperation(
            name: name, service: service, summary: summary, requestType: Request.self, responseType: Response.self,
            serverStreaming: serverStreaming, routes: routes)
    }
}
