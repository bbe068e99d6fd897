import CGRPC

/// How much one client may take. Times are milliseconds.
package struct GRPCLimits: Sendable {
    /// Bytes of one message.
    package var messageBytesMax = 4 << 20
    /// Bytes of all headers of a call.
    package var metadataBytesMax = 16 << 10
    /// Calls of one connection at the same time.
    package var streamsMax = 1_000
    package var connectionsMax = 4_096
    /// Calls of all connections at the same time.
    package var callsMax = 16_384
    /// Bytes that connections and the messages on them may take together.
    package var memoryBytesMax: Int64 = 256 << 20
    /// Silence after which a client is asked whether it is there.
    package var keepaliveMS: Int32 = 60_000
    /// For the answer to that.
    package var keepaliveTimeoutMS: Int32 = 20_000
    /// A client that asks more often is sent away.
    package var pingIntervalMS: Int32 = 10_000
    /// Without a call, until a connection is closed.
    package var idleMS: Int32 = 300_000
    /// For the handshakes of a new connection.
    package var handshakeMS: Int32 = 10_000
    /// From the head of a call to its message.
    package var requestMS: Int32 = 60_000
    /// For a client to take a message of a stream.
    package var writeMS: Int32 = 30_000
    /// Between looks whether the certificate was renewed.
    package var certificateLookMS: Int32 = 5_000
    /// Between looks whether the server is ready, while somebody watches its health.
    package var healthMS: Int64 = 5_000

    package init() {}

    var forLibrary: rpc_limits {
        var limits = rpc_limits()
        // One byte over is ours to refuse, so that the client hears the same as over HTTP.
        limits.message_bytes = Int32(clamping: messageBytesMax + Self.messageSlack)
        limits.metadata_bytes = Int32(clamping: metadataBytesMax)
        limits.streams = Int32(clamping: streamsMax)
        limits.connections = Int32(clamping: connectionsMax)
        limits.memory_bytes = memoryBytesMax
        limits.keepalive_ms = keepaliveMS
        limits.keepalive_timeout_ms = keepaliveTimeoutMS
        limits.ping_interval_ms = pingIntervalMS
        limits.idle_ms = idleMS
        limits.handshake_ms = handshakeMS
        limits.request_ms = requestMS
        limits.write_ms = writeMS
        limits.certificate_look_ms = certificateLookMS
        return limits
    }

    /// How much larger a message may be for the client to hear our own words; beyond that the library refuses it.
    private static let messageSlack = 64 << 10
}
