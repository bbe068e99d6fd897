/// An operation found for a method and a path.
package struct RouteMatch: Sendable {
    package let operation: APIOperation
    package let route: HTTPRoute
    /// Proto name and decoded value of the fields in the path.
    package let pathValues: [(name: String, value: String)]
}

/// Finds the operation for a method and a path.
package struct Router: Sendable {
    package enum Answer: Sendable {
        case found(RouteMatch)
        /// The path exists, with other methods.
        case otherMethods([HTTPMethod])
        case notFound
        /// A segment is not valid percent-encoded UTF-8.
        case badEncoding
    }

    private struct Target {
        let operation: APIOperation
        let route: HTTPRoute
    }

    /// A node of the tree of path segments.
    private final class Node {
        var literals: [Substring: Node] = [:]
        var variable: Node?
        /// By verb, then by method.
        var targets: [Substring: [HTTPMethod: Target]] = [:]
    }

    // Built once and never changed after, so it may be shared.
    nonisolated(unsafe) private let root: Node

    /// Two operations with the same method and path are a fault of the protos.
    package init(_ operations: [APIOperation] = Operations.all) {
        root = Node()
        for operation in operations {
            for route in operation.routes { Self.insert(operation, route, below: root) }
        }
    }

    private static func insert(_ operation: APIOperation, _ route: HTTPRoute, below root: Node) {
        var node = root
        for segment in route.segments {
            switch segment {
            case .literal(let text):
                let next = node.literals[text[...]] ?? Node()
                node.literals[text[...]] = next
                node = next
            case .variable:
                let next = node.variable ?? Node()
                node.variable = next
                node = next
            }
        }
        let taken = node.targets[route.verb[...], default: [:]].updateValue(
            Target(operation: operation, route: route), forKey: route.method)
        precondition(taken == nil, "\(route.method.rawValue) \(route.template) belongs to two operations")
    }

    /// Looks a path up that is still percent-encoded. A colon in the last segment always begins a verb; clients encode
    /// colons of names as `%3A`.
    package func find(_ method: HTTPMethod?, _ path: Substring) -> Answer {
        guard path.utf8.first == UInt8(ascii: "/") else { return .notFound }
        // By bytes: several times faster than by characters, and the same where the separators are ASCII.
        var segments = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map(Substring.init)
        var verb: Substring = ""
        if let last = segments.last, let colon = last.utf8.lastIndex(of: UInt8(ascii: ":")) {
            verb = last[last.utf8.index(after: colon)...]
            guard !verb.isEmpty else { return .notFound }
            segments[segments.count - 1] = last[..<colon]
        }
        guard let targets = search(root, segments[...], verb) else { return .notFound }
        guard let method, let target = targets[method] else {
            return .otherMethods(HTTPMethod.allCases.filter { targets[$0] != nil })
        }
        var values: [(name: String, value: String)] = []
        for (segment, text) in zip(target.route.segments, segments) {
            guard case .variable(let name) = segment else { continue }
            guard let value = PercentCoding.decode(text) else { return .badEncoding }
            values.append((name, value))
        }
        return .found(RouteMatch(operation: target.operation, route: target.route, pathValues: values))
    }

    /// A literal goes before a variable; a variable is never empty.
    private func search(
        _ node: Node, _ segments: ArraySlice<Substring>, _ verb: Substring
    ) -> [HTTPMethod: Target]? {
        guard let segment = segments.first else { return node.targets[verb] }
        let rest = segments.dropFirst()
        if let next = node.literals[segment], let found = search(next, rest, verb) { return found }
        guard !segment.isEmpty, let next = node.variable else { return nil }
        return search(next, rest, verb)
    }
}
