package import OrcaProtobuf

/// An answer about one thing that has a version. Generated for what GET and PATCH operations answer.
package protocol VersionedAnswer: ProtoMessage {
    /// Grows with every change; `nil` when the answer holds nothing.
    var entityVersion: Int32? { get }
}

/// A request that can be refused when the thing has changed meanwhile. Generated.
package protocol ConditionalRequest: ProtoMessage {
    /// 0 for whatever it is.
    var expectedVersion: Int32 { get set }
}
