/// What moves requests and answers over sockets. The seam behind which the loop of this target could be exchanged; what an
/// engine must be able to do is what `HTTPExchange` promises.
package protocol HTTPEngine: Sendable {
    /// Begins to accept connections. Throws when it cannot.
    func start() throws(HTTPServerError)

    /// Accepts nothing more, lets requests in flight finish until `drainMS` have passed, ends streams, then closes everything and
    /// cancels what is left. Returns when all handlers have ended, or a second after they were cancelled.
    func stop(drainMS: Int64) async

    /// Open connections.
    var connectionCount: Int { get }
}

/// What an engine calls.
package protocol HTTPService: Sendable {
    /// Answers one request: calls `respond` once, or `beginStream`, `send` and `endStream`. Runs on the engine's thread and must not
    /// block it. The task is cancelled when the client has left, its time is over, or the engine stops.
    func handle(_ request: HTTPRequest, _ exchange: any HTTPExchange) async

    /// The answer to a request that the engine refuses by itself.
    func answer(to fault: HTTPFault) -> HTTPResponse
}

package struct HTTPRequest: Sendable {
    package enum Peer: Sendable, Hashable {
        /// The owner of the socket.
        case unix
        case tcp
        case tls
    }

    package let head: RequestHead
    package let body: [UInt8]
    package let peer: Peer
}

/// One request and its answer. Its methods are called on the engine's thread, from `HTTPService.handle`.
package protocol HTTPExchange: AnyObject, Sendable {
    /// Sends the whole answer.
    func respond(_ response: HTTPResponse)

    /// Begins an answer of unknown length. After a silence the engine sends `heartbeat`, if there is one.
    func beginStream(contentType: String, fields: [(name: String, value: String)], heartbeat: [UInt8])

    /// Sends a part of a stream; waits while the client has too much to read. False when the client has left.
    func send(_ bytes: [UInt8]) async -> Bool

    /// Ends a stream so that the client sees a proper end.
    func endStream()

    /// Cancels the request's task after that time.
    func limitTime(milliseconds: Int64)

    /// Why the request's task was cancelled, if it was.
    var endReason: ExchangeEnd? { get }
}

package enum ExchangeEnd: Sendable, Hashable {
    case clientLeft
    case timeOver
    case stopping
}

/// Why a server cannot start.
package struct HTTPServerError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// The address is none, or may not be used.
        case configuration
        /// Another process listens there.
        case inUse
        case system
    }

    package let kind: Kind
    /// What is wrong and what to do.
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
