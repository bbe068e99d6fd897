/// The methods that routes use.
package enum HTTPMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// How an operation is called over HTTP: `POST /v1/workspaces/{workspace}/tasks/{task}:claim`.
///
/// Fields in braces come from the path, one segment each. With `takesBody` all others are in the JSON body; without it they
/// are query parameters. Source: the comment on `google.api.HttpRule`.
package struct HTTPRoute: Sendable, Hashable {
    package enum Segment: Sendable, Hashable {
        case literal(String)
        /// Proto name of the field.
        case variable(String)
    }

    package let method: HTTPMethod
    package let template: String
    package let takesBody: Bool
    package let segments: [Segment]
    /// What follows `:` at the end; empty when there is none.
    package let verb: String

    package init(_ method: HTTPMethod, _ template: String, takesBody: Bool) {
        self.method = method
        self.template = template
        self.takesBody = takesBody
        var path = template[...]
        if let colon = path.lastIndex(of: ":") {
            verb = String(path[path.index(after: colon)...])
            path = path[..<colon]
        } else {
            verb = ""
        }
        segments = path.split(separator: "/").map { part in
            part.hasPrefix("{") ? .variable(String(part.dropFirst().dropLast())) : .literal(String(part))
        }
    }

    /// Proto names of the fields in the path.
    package var pathFields: [String] {
        segments.compactMap { if case .variable(let name) = $0 { name } else { nil } }
    }
}
