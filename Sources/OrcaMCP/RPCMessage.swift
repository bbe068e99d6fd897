package import OrcaSupport

/// What a request is called by in its answer.
package enum RPCID: Sendable, Hashable {
    case number(Int64)
    case text(String)

    package init?(_ json: JSONValue?) {
        switch json {
        case .integer(let value): self = .number(value)
        case .string(let value): self = .text(value)
        case .null, .bool, .number, .array, .object, nil: return nil
        }
    }

    package var json: JSONValue {
        switch self {
        case .number(let value): .integer(value)
        case .text(let value): .string(value)
        }
    }
}

/// One JSON-RPC message of a client.
package enum RPCMessage: Sendable, Hashable {
    case request(RPCID, method: String, parameters: JSONValue)
    case notification(method: String, parameters: JSONValue)
    /// An answer to a request of ours; without a result when it is an error.
    case answer(RPCID?, JSONValue?)

    /// Reads a message. The error comes with the id it is to be answered under, where one can be read.
    package init(_ json: JSONValue) throws(RPCRefusal) {
        guard case .object = json else {
            throw RPCRefusal(nil, .init(.invalidRequest, "A message is a JSON object."))
        }
        let id = RPCID(json["id"])
        guard json["jsonrpc"]?.stringValue == "2.0" else {
            throw RPCRefusal(id, .init(.invalidRequest, "The message needs \"jsonrpc\": \"2.0\"."))
        }
        guard let method = json["method"] else {
            guard json["result"] != nil || json["error"] != nil else {
                throw RPCRefusal(id, .init(.invalidRequest, "The message has no method."))
            }
            self = .answer(id, json["result"])
            return
        }
        guard let method = method.stringValue else {
            throw RPCRefusal(id, .init(.invalidRequest, "The method is no text."))
        }
        let parameters = json["params"] ?? .object([])
        guard case .object = parameters else {
            throw RPCRefusal(id, .init(.invalidParameters, "params must be an object."))
        }
        if json["id"] == nil {
            self = .notification(method: method, parameters: parameters)
        } else if let id {
            self = .request(id, method: method, parameters: parameters)
        } else {
            throw RPCRefusal(nil, .init(.invalidRequest, "The id of a request is a text or a whole number."))
        }
    }
}

/// A message that is none.
package struct RPCRefusal: Error, Sendable, Hashable {
    package var id: RPCID?
    package var error: RPCError

    package init(_ id: RPCID?, _ error: RPCError) {
        self.id = id
        self.error = error
    }

    package var answer: JSONValue { error.answer(to: id) }
}
