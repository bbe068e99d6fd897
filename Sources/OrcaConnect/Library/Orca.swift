import OrcaAPI
import OrcaProtobuf
import OrcaSupport
import OrcaTLS

/// A client of the Orca API: over HTTP with a server that runs, or with a database of its own.
///
///     let orca = try Orca()
///     var request = OrcaV1.CreateTaskRequest()
///     request.workspace = "default"
///     request.project = "API"
///     request.title = "Write the page"
///     let task = try orca.createTask(request).task
///
/// Every operation is a method. Methods block until the answer is there, so asynchronous code calls them through `run`, which
/// has a thread for them. Safe for several threads at once; connections are kept and used again.
///
/// A write carries an idempotency key, one of its own when none is given: it is sent again when a connection breaks, and the
/// same key with the same request again gets the first answer again.
public final class Orca: Sendable {
    /// Which server to talk to.
    public enum Server: Sendable, Hashable {
        /// The user's own on this machine. It is started when it is not there, and stops by itself when it is idle.
        case local
        /// One on a unix socket.
        case socket(path: String)
        /// `https://host:port` or `http://host:port`. Needs a token.
        case url(String)
        /// None: the database is opened for as long as this object lives. One program at a time can do that.
        case database(path: String)
    }

    public struct Options: Sendable {
        /// Made with `orca token create`; the owner of a unix socket needs none.
        public var token: String?
        /// What the caller is called in the event log; at most 128 bytes.
        public var caller: String?
        /// Milliseconds that one call may take, its repetitions included. Streams have no limit.
        public var timeoutMS = 60_000
        /// For `https`: a PEM file with the authorities to trust, instead of the system's.
        public var authorities: String?
        /// For `https`: PEM files with this client's certificate and key, if the server wants one.
        public var certificate: String?
        public var key: String?

        public init() {}
    }

    private let client: HTTPClient

    /// Connects with the first call. Throws when an address or a file cannot be used.
    public init(_ server: Server = .local, options given: Options = Options()) throws(OrcaError) {
        var options = ConnectOptions(environment: ProcessEnvironment.current)
        switch server {
        case .local: options.endpoint = .local
        case .socket(let path): options.endpoint = .socket(path)
        case .url(let url): options.endpoint = .url(url)
        case .database(let path): options.endpoint = .embedded(database: Paths.absolute(path))
        }
        if let token = given.token { options.token = token }
        if let caller = given.caller { options.callerName = caller }
        options.timeoutMS = given.timeoutMS
        if given.authorities != nil || given.certificate != nil {
            options.trust = TLSTrust(authorities: given.authorities, certificate: given.certificate, key: given.key)
        }
        do throws(APIError) {
            client = try HTTPClient(options)
        } catch {
            throw OrcaError(error)
        }
    }

    /// Runs calls on a thread of their own, for asynchronous code.
    public func run<Result: Sendable>(
        _ body: @escaping @Sendable (Orca) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            do {
                _ = try ManagedThread("orca-client") { [self] in
                    continuation.resume(with: Swift.Result { try body(self) })
                }
            } catch {
                continuation.resume(throwing: OrcaError(code: "no_thread", category: "unavailable", "\(error)"))
            }
        }
    }

    func call<Request: ProtoMessage, Response: ProtoMessage>(
        _ operation: TypedOperation<Request, Response>, _ request: Request, key: String?
    ) throws(OrcaError) -> Response {
        do throws(APIError) {
            return try client.call(operation, request, idempotencyKey: key)
        } catch {
            throw OrcaError(error)
        }
    }

    func stream<Request: ProtoMessage, Response: ProtoMessage>(
        _ operation: TypedOperation<Request, Response>, _ request: Request
    ) throws(OrcaError) -> OrcaStream<Response> {
        do throws(APIError) {
            return OrcaStream(try client.stream(operation, request))
        } catch {
            throw OrcaError(error)
        }
    }
}
