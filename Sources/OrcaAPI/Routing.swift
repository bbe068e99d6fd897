import OrcaDomain
package import OrcaProtobuf

/// What a client sends for a request.
package struct HTTPCall: Sendable, Hashable {
    package var method: HTTPMethod
    /// Path and query, percent-encoded.
    package var target: String
    /// JSON, or `nil` when the route takes none.
    package var body: [UInt8]?
}

/// Between requests and their HTTP form, both ways.
package enum Routing {
    /// The HTTP form of a request, for clients: over the first of the operation's routes whose path fields are all set.
    /// Throws `invalid_argument` when a path field is empty, naming it.
    package static func call(_ operation: APIOperation, _ request: any ProtoMessage) throws(APIError) -> HTTPCall {
        var writer = ParameterWriter()
        request.writeParameters(to: &writer)
        let values = writer.values
        guard
            let route = operation.routes.first(where: { route in
                route.pathFields.allSatisfy { name in values.contains { $0.name == name && !$0.value.isEmpty } }
            })
        else {
            let missing = operation.routes[0].pathFields.first { name in !values.contains { $0.name == name } }
            throw APIError(
                "invalid_argument", .invalidArgument, "\(operation.name) needs `\(missing ?? "")`.",
                details: ["field": missing ?? ""])
        }
        return HTTPCall(
            method: route.method, target: target(of: route, values),
            body: route.takesBody ? request.jsonBytes() : nil)
    }

    private static func target(of route: HTTPRoute, _ values: [(name: String, value: String)]) -> String {
        var target = ""
        for segment in route.segments {
            switch segment {
            case .literal(let text): target += "/" + text
            case .variable(let name):
                let value = values.first { $0.name == name }?.value ?? ""
                target += "/" + PercentCoding.encode(value)
            }
        }
        if !route.verb.isEmpty { target += ":" + route.verb }
        guard !route.takesBody else { return target }
        var separator = "?"
        for (name, value) in values where !route.pathFields.contains(name) {
            target += separator + ProtoFields.jsonName(of: name) + "=" + PercentCoding.encode(value)
            separator = "&"
        }
        return target
    }

    /// The request that a matched HTTP request stands for, for servers. `query` is what follows `?`, still encoded; `body` is
    /// empty when there was none. Path fields win over the body's. Throws `invalid_argument` naming the field.
    package static func request(
        _ match: RouteMatch, query: Substring, body: [UInt8], limits: ProtoLimits = ProtoLimits()
    ) throws(APIError) -> any ProtoMessage {
        do throws(ProtoError) {
            var request = try base(match, body: body, limits)
            var single: Set<String> = []
            for (name, value) in match.pathValues {
                _ = try set(&request, name, value, &single)
            }
            for (name, value) in try parameters(query) {
                guard !match.route.takesBody else {
                    throw ProtoError(
                        .unknownField, "this operation takes its fields in the body, not as query parameters",
                        path: name)
                }
                guard try set(&request, name, value, &single) else {
                    throw ProtoError(.unknownField, "\(match.operation.name) has no such parameter", path: name)
                }
            }
            return request
        } catch {
            throw APIError(error)
        }
    }

    private static func base(
        _ match: RouteMatch, body: [UInt8], _ limits: ProtoLimits
    ) throws(ProtoError) -> any ProtoMessage {
        guard !body.isEmpty else { return match.operation.requestType.init() }
        guard match.route.takesBody else { throw ProtoError(.unknownField, "this operation takes no body") }
        return try match.operation.requestType.init(jsonBytes: body, limits: limits)
    }

    private static func set(
        _ request: inout any ProtoMessage, _ name: String, _ value: String, _ single: inout Set<String>
    ) throws(ProtoError) -> Bool {
        do throws(ProtoError) {
            switch try request.set(parameter: name, to: value) {
            case .unknown: return false
            case .appended: return true
            case .set:
                guard single.insert(ProtoFields.jsonName(of: name)).inserted else {
                    throw ProtoError(.duplicateField, "the parameter is there twice")
                }
                return true
            }
        } catch {
            throw error.inside(name)
        }
    }

    private static func parameters(_ query: Substring) throws(ProtoError) -> [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        for part in query.utf8.split(separator: UInt8(ascii: "&")) {
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                .map(Substring.init)
            guard let name = PercentCoding.decode(sides[0], plusIsSpace: true),
                let value = PercentCoding.decode(sides.count > 1 ? sides[1] : "", plusIsSpace: true)
            else { throw ProtoError(.malformed, "bad percent-encoding in the query") }
            result.append((name, value))
        }
        return result
    }
}

extension APIError {
    /// A request that cannot be read: `invalid_argument`, with the path of the field in `details.field`.
    package init(_ error: ProtoError) {
        self.init(
            "invalid_argument", .invalidArgument, "The request cannot be read: \(error).",
            details: error.path.isEmpty ? [:] : ["field": error.path])
    }
}
