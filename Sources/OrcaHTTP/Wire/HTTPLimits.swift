/// How much one client may take. Times are milliseconds.
package struct HTTPLimits: Sendable {
    package var headBytesMax = 32 << 10
    package var targetBytesMax = 8 << 10
    package var fieldsMax = 100
    package var bodyBytesMax = 4 << 20
    /// All bodies that are being received, together.
    package var bodiesBytesMax = 256 << 20
    package var connectionsMax = 16_384
    /// Bytes of answers that wait for one client; a stream waits above it, and pipelined requests are not read.
    package var outputBytesMax = 256 << 10
    /// From the first byte of a head to its last.
    package var headMS: Int64 = 10_000
    /// From the end of the head to the end of the body.
    package var bodyMS: Int64 = 60_000
    /// Between requests.
    package var idleMS: Int64 = 75_000
    /// For a client to take some of what waits for it.
    package var writeMS: Int64 = 30_000
    /// Silence after which a stream gets a comment, so that both sides notice a dead link.
    package var heartbeatMS: Int64 = 15_000
    /// After an answer that closes the connection, for the client to read it.
    package var lingerMS: Int64 = 1000

    package init() {}
}
