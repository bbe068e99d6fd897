import OrcaAPI
import OrcaProtobuf

/// The tag of one state of one thing: its version, and a sum of the bytes that stand for it, because some of what is shown
/// changes without the version, such as when a lease ends. Source: RFC 9110, 8.8.3.
struct EntityTag: Sendable, Hashable {
    let version: Int32
    private let sum: UInt64

    init(version: Int32, body: [UInt8]) {
        self.version = version
        // FNV-1a: not for secrets, only for telling states of the same thing apart.
        sum = body.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    var text: String { "\"\(version)-\(String(sum, radix: 36))\"" }

    /// Whether `If-None-Match` names this state.
    func isNamed(in field: String) -> Bool {
        field.split(separator: ",").contains { part in
            let tag = part.trimmingSpaces()
            return tag == "*" || tag == text || tag == "W/" + text
        }
    }

    /// The version in `If-Match`; `nil` for `*`, which any version matches.
    static func version(in field: String) throws(HTTPFault) -> Int32? {
        let tag = field.trimmingSpaces()
        if tag == "*" { return nil }
        guard tag.count >= 3, tag.first == "\"", tag.last == "\"",
            let version = Int32(tag.dropFirst().dropLast().prefix { $0 != "-" }), version > 0
        else {
            throw HTTPFault.badRequest(
                "If-Match must be one ETag that this server gave, or a version in quotes, such as \"3\".")
        }
        return version
    }
}

/// Requests that depend on what is there: `If-Match`, `If-None-Match`.
extension APIService {
    /// Takes `If-Match` into the request. Answers whether there was one.
    func takeCondition(_ head: RequestHead, into message: inout any ProtoMessage) throws -> Bool {
        guard let field = head.value("if-match") else { return false }
        guard var request = message as? any ConditionalRequest else {
            throw HTTPFault.badRequest("This operation takes no If-Match.")
        }
        guard let version = try EntityTag.version(in: field) else { return true }
        guard request.expectedVersion == 0 || request.expectedVersion == version else {
            throw HTTPFault.badRequest("If-Match and expectedVersion name different versions; give one of them.")
        }
        request.expectedVersion = version
        message = request
        return true
    }

    /// The answer with its tag; without a body when the client has it already.
    func tagged(_ response: any ProtoMessage, _ operation: APIOperation, _ head: RequestHead) -> HTTPResponse {
        var answer = HTTPResponse(status: 200, body: response.jsonBytes())
        guard let version = (response as? any VersionedAnswer)?.entityVersion else { return answer }
        let tag = EntityTag(version: version, body: answer.body)
        if operation.isRead, let known = head.value("if-none-match"), tag.isNamed(in: known) {
            answer = HTTPResponse(status: 304, body: [])
        }
        answer.fields.append(("ETag", tag.text))
        return answer
    }

    /// What was refused because of `If-Match` has a status of its own.
    static func conditional(_ error: any Error) -> any Error {
        guard let error = error as? APIError, error.code == "version_conflict" else { return error }
        return PreconditionFailed(error: error)
    }

    struct PreconditionFailed: Error {
        let error: APIError
    }
}
