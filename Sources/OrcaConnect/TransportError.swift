/// What can go wrong between here and the server, before it becomes an `APIError`.
enum TransportError: Error, Sendable, Hashable {
    /// Nobody listens there: the error number of `connect`.
    case refused(Int32)
    /// The connection ended before a whole answer had come. `sent` tells whether the server may have seen the request.
    case broken(String)
    case timedOut
    /// What came is not HTTP, or more than a client takes.
    case malformed(String)
}
