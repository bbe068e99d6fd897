import Glibc
package import OrcaHTTP

/// Where a gRPC server listens and whom it lets in.
package struct GRPCServerConfiguration: Sendable {
    /// Absolute path, in a directory that only the owner can enter.
    package var unixSocket: String?
    /// Every call over it needs a bearer token, also with a client's certificate.
    package var tcp: HTTPServerConfiguration.TCPAddress?
    /// Lets TCP listen on addresses that other machines reach, without TLS.
    package var isInsecureAllowed = false
    /// Who may use the unix socket.
    package var allowedUID: UInt32 = geteuid()
    package var limits = GRPCLimits()

    package init(unixSocket: String? = nil, tcp: HTTPServerConfiguration.TCPAddress? = nil) {
        self.unixSocket = unixSocket
        self.tcp = tcp
    }
}

/// What the server asks of whoever runs it.
package struct GRPCServerHooks: Sendable {
    /// Why the server is not ready, or `nil` when it is: the health service.
    package var notReady: @Sendable () async -> String?
    /// Takes notice of an error that is our own fault; the client learns only that there was one.
    package var reportInternalError: @Sendable (_ operation: String, _ requestID: String, _ error: any Error) -> Void
    /// Takes notice of what somebody should see to.
    package var complain: @Sendable (String) -> Void

    package init(
        notReady: @escaping @Sendable () async -> String? = { nil },
        reportInternalError: @escaping @Sendable (String, String, any Error) -> Void = { _, _, _ in },
        complain: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.notReady = notReady
        self.reportInternalError = reportInternalError
        self.complain = complain
    }
}
