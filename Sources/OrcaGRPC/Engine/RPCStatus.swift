/// The codes of gRPC. Source: https://grpc.github.io/grpc/core/md_doc_statuscodes.html.
package enum RPCCode: Int32, Sendable {
    case ok = 0
    case cancelled = 1
    case unknown = 2
    case invalidArgument = 3
    case deadlineExceeded = 4
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case outOfRange = 11
    case unimplemented = 12
    case `internal` = 13
    case unavailable = 14
    case dataLoss = 15
    case unauthenticated = 16
}

/// How a call ends.
package struct RPCStatus: Sendable, Hashable {
    package var code: RPCCode
    package var message = ""
    /// A `google.rpc.Status` in wire format, or empty.
    package var details: [UInt8] = []

    package static let ok = RPCStatus(code: .ok)
}
