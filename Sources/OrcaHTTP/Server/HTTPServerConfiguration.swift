import Glibc
package import OrcaAPI
import OrcaDomain
package import OrcaTLS

/// Where an HTTP server listens and whom it lets in.
package struct HTTPServerConfiguration: Sendable {
    package struct TCPAddress: Sendable, Hashable {
        /// Numeric, or `localhost`.
        package var address: String
        /// 0 for any that is free.
        package var port: UInt16
        /// With it, only TLS is spoken there.
        package var tls: TLSFiles?

        package init(address: String = "127.0.0.1", port: UInt16, tls: TLSFiles? = nil) {
            self.address = address
            self.port = port
            self.tls = tls
        }
    }

    /// Absolute path, in a directory that only the owner can enter.
    package var unixSocket: String?
    /// None by default. Every request over them needs a bearer token.
    package var tcp: [TCPAddress]
    /// Lets TCP listen on addresses that other machines reach, without TLS.
    package var isInsecureAllowed = false
    /// Names, besides those of this machine's loopback and the address itself, that `Host` may have over TCP. This is what stops
    /// a web page from reaching the server through a name that it controls.
    package var allowedHosts: Set<String> = []
    /// Origins of web pages, `https://example.org`, that may send requests over TCP besides the server's own.
    package var allowedOrigins: Set<String> = []
    /// Who may use the unix socket.
    package var allowedUID: UInt32 = geteuid()
    package var limits = HTTPLimits()

    package init(unixSocket: String? = nil, tcp: [TCPAddress] = []) {
        self.unixSocket = unixSocket
        self.tcp = tcp
    }
}

/// What the server asks of whoever runs it.
package struct HTTPServerHooks: Sendable {
    /// Why the server is not ready, or `nil` when it is: `/readyz`.
    package var notReady: @Sendable () async -> String?
    /// What somebody should see to although the server is ready.
    package var warnings: @Sendable () async -> [String] = { [] }
    /// More lines for `/metrics`, in Prometheus' text format.
    package var metrics: @Sendable () async -> String
    /// Throws `APIError` unless the caller may read `/metrics`. Only asked over TCP.
    package var authorizeMetrics: @Sendable (Caller) async throws -> Void
    /// Takes notice of what goes wrong and is nobody's request.
    package var complain: @Sendable (String) -> Void = { _ in }
    /// Takes notice of an error that is our own fault; the client learns only that there was one.
    package var reportInternalError: @Sendable (_ operation: String, _ requestID: String, _ error: any Error) -> Void

    /// Who answers at a path that is no operation, to callers over TCP only with a token.
    package typealias PathHandler = @Sendable (HTTPRequest, Caller, _ requestID: String) async throws -> PathAnswer
    package var paths: [String: PathHandler] = [:]

    package init(
        notReady: @escaping @Sendable () async -> String? = { nil },
        metrics: @escaping @Sendable () async -> String = { "" },
        authorizeMetrics: @escaping @Sendable (Caller) async throws -> Void = { _ in
            throw APIError("permission_denied", .permissionDenied, "Metrics are read over the unix socket.")
        },
        reportInternalError: @escaping @Sendable (String, String, any Error) -> Void = { _, _, _ in }
    ) {
        self.notReady = notReady
        self.metrics = metrics
        self.authorizeMetrics = authorizeMetrics
        self.reportInternalError = reportInternalError
    }
}
