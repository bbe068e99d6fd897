import OrcaDomain
import Synchronization

/// What comes with a request besides its message, by one set of rules for all transports.
package enum CallFields {
    package static let nameBytesMax = 128
    package static let keyBytesMax = 255
    package static let secretBytesMax = 512
    /// A day.
    package static let timeoutMSMax = 86_400_000

    /// The caller behind an `authorization` field: the owner where the transport has checked the peer's uid, unless the
    /// request brings a token; then it is no more than its token. `nil` values are fields that are not there.
    package static func caller(
        authorization: String?, name: String?, isOwners: Bool, over transport: String
    ) throws(APIError) -> Caller {
        guard let authorization else {
            guard isOwners else {
                throw APIError(
                    "token_required", .unauthenticated,
                    "Over \(transport) every request needs `Authorization: Bearer TOKEN`; 'orca token create' makes one."
                )
            }
            return .owner(name: name ?? "owner")
        }
        let parts = authorization.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1).map(Substring.init)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= secretBytesMax,
            parts[1].utf8.allSatisfy(isVisible)
        else {
            throw APIError(
                "token_malformed", .unauthenticated, "The Authorization field must be `Bearer TOKEN`.")
        }
        return .bearer(secret: String(parts[1]), name: name ?? "")
    }

    /// Checks what a caller calls itself.
    package static func callerName(_ name: String?) throws(APIError) -> String? {
        guard let name else { return nil }
        guard name.utf8.count <= nameBytesMax, !name.isEmpty, !name.unicodeScalars.contains("\u{FFFD}") else {
            throw badRequest("X-Orca-Caller must be 1 to \(nameBytesMax) bytes of UTF-8.")
        }
        return name
    }

    package static func idempotencyKey(_ key: String?) throws(APIError) -> String? {
        guard let key else { return nil }
        guard !key.isEmpty, key.utf8.count <= keyBytesMax, key.utf8.allSatisfy(isVisible) else {
            throw badRequest("Idempotency-Key must be 1 to \(keyBytesMax) visible ASCII characters.")
        }
        return key
    }

    package static func badRequest(_ message: String) -> APIError {
        APIError("bad_request", .invalidArgument, message)
    }

    fileprivate static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }
}

/// Names requests, for logs and the change log.
package final class RequestNames: Sendable {
    private let prefix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    private let counter = Atomic<Int>(0)

    package init() {}

    /// The client's own name for the request if it is a sound one, else a new one.
    package func name(own: String?) -> String {
        if let own, !own.isEmpty, own.utf8.count <= CallFields.nameBytesMax, own.utf8.allSatisfy(CallFields.isVisible) {
            return own
        }
        return "req_\(prefix)_\(counter.add(1, ordering: .relaxed).newValue)"
    }
}
