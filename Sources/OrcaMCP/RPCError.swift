package import OrcaSupport

/// Why a message gets no result. What goes wrong inside a tool is a result, not one of these.
package struct RPCError: Error, Sendable, Hashable {
    package enum Code: Int64, Sendable, Hashable {
        case notJSON = -32700
        case invalidRequest = -32600
        case unknownMethod = -32601
        case invalidParameters = -32602
        case `internal` = -32603
        /// Before 2026-07-28.
        case unknownResource = -32002
        case headerMismatch = -32020
        case missingAbility = -32021
        case unsupportedRevision = -32022
    }

    package var code: Code
    /// What went wrong and what to do next.
    package var message: String
    package var data: JSONValue?

    package init(_ code: Code, _ message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    static func unsupported(_ revision: String) -> RPCError {
        RPCError(
            .unsupportedRevision,
            "Revision '\(revision.prefix(40))' is not spoken here. Use one of \(MCPRevision.spoken).",
            data: [
                "supported": .array(MCPRevision.allCases.reversed().map { .string($0.rawValue) }),
                "requested": .string(String(revision.prefix(40))),
            ])
    }

    /// The answer; without an id when the request had none that can be read.
    package func answer(to id: RPCID?) -> JSONValue {
        var error: JSONValue = ["code": .integer(code.rawValue), "message": .string(message)]
        if let data { error = error.adding(["data": data]) }
        return ["jsonrpc": "2.0", "id": id?.json ?? .null, "error": error]
    }
}

extension MCPRevision {
    static let spoken = allCases.map(\.rawValue).joined(separator: ", ")
}
