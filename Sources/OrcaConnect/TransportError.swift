/// What can go wrong between here and the server, before it becomes an `APIError`.
enum TransportError: Error, Sendable, Hashable {
    /// Nobody listens there: the error number of `connect`.
    case refused(Int32)
    /// The host's name leads to no address.
    case unknownHost(String)
    /// The connection ended before a whole answer had come.
    case broken(String)
    /// TLS came to nothing: the server is not who it should be, or does not let this client in.
    case untrusted(String)
    case timedOut
    /// Whoever asked does not want the answer any more.
    case stopped
    /// What came is not HTTP, or more than a client takes.
    case malformed(String)
}
