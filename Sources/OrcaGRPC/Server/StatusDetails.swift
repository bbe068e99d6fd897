package import OrcaAPI
package import OrcaDomain
import OrcaProtobuf

/// Errors as statuses, and back. Source: google/rpc/status.proto and google/rpc/error_details.proto; field numbers are
/// those of these files.
///
/// The details of every error hold a `google.rpc.ErrorInfo`: the code as its reason, and everything `APIError.details`
/// holds, with the category, as its metadata. An error that says when to try again holds a `google.rpc.RetryInfo`, too.
package enum StatusDetails {
    package static let domain = "orca.v1"
    static let categoryKey = "category"
    /// Of the status in wire format: it travels as base64 in a header, and clients take 8 KiB of headers by default.
    package static let bytesMax = 4_500
    /// Of the message as it stands in `grpc-message`, where all but printable ASCII takes three bytes. The details repeat it
    /// word for word, because clients compare the two.
    package static let messageBytesMax = 1_000
    private static let valueBytesMax = 256

    package static func status(_ error: APIError) -> RPCStatus {
        let code = self.code(error)
        let message = cut(error.message, messageBytesMax) { isPlain($0) ? 1 : 3 }
        var wire = RPCStatusMessage(
            code: code.rawValue, message: message, reason: error.code, metadata: error.details,
            retryMS: error.details["retry_after_ms"].flatMap { Int64($0) })
        wire.metadata[categoryKey] = error.category.rawValue
        var bytes = wire.bytes()
        if bytes.count > bytesMax {
            wire.metadata = error.details.mapValues { cut($0, valueBytesMax) { _ in 1 } }
            // The longest go first; codes and categories are short.
            for name in wire.metadata.sorted(by: { $0.value.utf8.count > $1.value.utf8.count }).map(\.key) {
                wire.metadata[categoryKey] = error.category.rawValue
                bytes = wire.bytes()
                if bytes.count <= bytesMax { break }
                wire.metadata[name] = nil
            }
        }
        return RPCStatus(code: code, message: message, details: bytes)
    }

    /// The status code of an error: by its category, except where gRPC tells apart what HTTP does not.
    package static func code(_ error: APIError) -> RPCCode {
        switch error.code {
        case "unimplemented", "no_such_operation": return .unimplemented
        case "canceled": return .cancelled
        case "already_exists": return .alreadyExists
        case "version_conflict": return .aborted
        default: break
        }
        switch error.category {
        case .invalidArgument: return .invalidArgument
        case .unauthenticated: return .unauthenticated
        case .permissionDenied: return .permissionDenied
        case .notFound: return .notFound
        case .conflict: return .failedPrecondition
        case .resourceExhausted: return .resourceExhausted
        case .unavailable: return .unavailable
        case .deadlineExceeded: return .deadlineExceeded
        case .internal: return .internal
        }
    }

    /// The error in a status; `nil` when it was not made by an Orca server.
    package static func error(_ details: [UInt8]) -> APIError? {
        // A status that cannot be read is one of somebody else's.
        guard let status = try? RPCStatusMessage(bytes: details), !status.reason.isEmpty,
            let category = status.metadata[categoryKey].flatMap(ErrorCategory.init)
        else { return nil }
        var details = status.metadata
        details[categoryKey] = nil
        return APIError(status.reason, category, status.message, details: details)
    }

    /// The category that comes closest to a status without details.
    package static func category(_ code: Int32) -> ErrorCategory {
        switch RPCCode(rawValue: code) {
        case .invalidArgument, .outOfRange, .unimplemented: .invalidArgument
        case .deadlineExceeded: .deadlineExceeded
        case .notFound: .notFound
        case .alreadyExists, .failedPrecondition, .aborted: .conflict
        case .permissionDenied: .permissionDenied
        case .resourceExhausted: .resourceExhausted
        case .unavailable, .cancelled: .unavailable
        case .unauthenticated: .unauthenticated
        default: .internal
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "%") }

    /// The beginning of a text that costs no more than so much, in whole characters.
    private static func cut(_ text: String, _ max: Int, cost: (UInt8) -> Int) -> String {
        guard text.utf8.reduce(0, { $0 + cost($1) }) > max else { return text }
        let end = "…"
        var result = ""
        var left = max - end.utf8.reduce(0) { $0 + cost($1) }
        for character in text {
            left -= character.utf8.reduce(0) { $0 + cost($1) }
            if left < 0 { break }
            result.append(character)
        }
        return result + end
    }
}

/// The parts of `google.rpc.Status` that are used, with the two kinds of details inside.
struct RPCStatusMessage: ProtoDecodable {
    var code: Int32 = 0
    var message = ""
    var reason = ""
    var metadata: [String: String] = [:]
    var retryMS: Int64?

    private static let infoType = "type.googleapis.com/google.rpc.ErrorInfo"
    private static let retryType = "type.googleapis.com/google.rpc.RetryInfo"

    init() {}

    init(code: Int32, message: String, reason: String, metadata: [String: String], retryMS: Int64?) {
        self.code = code
        self.message = message
        self.reason = reason
        self.metadata = metadata
        self.retryMS = retryMS
    }

    init(bytes: [UInt8]) throws(ProtoError) {
        var reader = WireReader(bytes)
        try reader.readFields(into: &self)
    }

    func bytes() -> [UInt8] {
        var info = WireWriter()
        info.singular(ProtoString.self, 1, reason)
        info.singular(ProtoString.self, 2, StatusDetails.domain)
        info.map(ProtoString.self, ProtoString.self, 3, metadata)
        var writer = WireWriter()
        writer.singular(ProtoInt32.self, 1, code)
        writer.singular(ProtoString.self, 2, message)
        writer.message(3, Packed(type: Self.infoType, value: info.bytes))
        if let retryMS {
            var delay = WireWriter()
            delay.singular(ProtoInt64.self, 1, retryMS / 1_000)
            delay.singular(ProtoInt32.self, 2, Int32(retryMS % 1_000) * 1_000_000)
            var retry = WireWriter()
            retry.field(ProtoBytes.self, 1, delay.bytes)
            writer.message(3, Packed(type: Self.retryType, value: retry.bytes))
        }
        return writer.bytes
    }

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: code = try reader.int32()
        case 2: message = try reader.string()
        case 3:
            let detail: Packed = try reader.message()
            if detail.type == Self.infoType {
                var info = ErrorInfo()
                var inner = WireReader(detail.value)
                try inner.readFields(into: &info)
                (reason, metadata) = (info.reason, info.metadata)
            }
        default: try reader.skip()
        }
    }

    static func fieldName(_ number: Int) -> String { "google.rpc.Status field \(number)" }
}

/// `google.protobuf.Any`
private struct Packed: ProtoDecodable, ProtoWritable {
    var type = ""
    var value: [UInt8] = []

    init() {}

    init(type: String, value: [UInt8]) {
        self.type = type
        self.value = value
    }

    func write(to writer: inout WireWriter) {
        writer.singular(ProtoString.self, 1, type)
        writer.singular(ProtoBytes.self, 2, value)
    }

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: type = try reader.string()
        case 2: value = try reader.data()
        default: try reader.skip()
        }
    }

    static func fieldName(_ number: Int) -> String { "google.protobuf.Any field \(number)" }
}

/// `google.rpc.ErrorInfo`
private struct ErrorInfo: ProtoDecodable {
    var reason = ""
    var metadata: [String: String] = [:]

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: reason = try reader.string()
        case 3: try reader.insert(ProtoString.self, ProtoString.self, into: &metadata)
        default: try reader.skip()
        }
    }

    static func fieldName(_ number: Int) -> String { "google.rpc.ErrorInfo field \(number)" }
}
