package import OrcaDomain

/// What was answered under an idempotency key.
package struct StoredReply: Sendable, Hashable {
    package var identity: String
    package var operation: String
    package var key: String
    /// Of the request's bytes: the same key with another body is refused.
    package var requestDigest: String
    /// The answer in protobuf's binary form.
    package var response: [UInt8]
    package var at: Timestamp

    package init(
        identity: String, operation: String, key: String, requestDigest: String, response: [UInt8], at: Timestamp
    ) {
        self.identity = identity
        self.operation = operation
        self.key = key
        self.requestDigest = requestDigest
        self.response = response
        self.at = at
    }
}

package protocol ReplyCollection {
    func find(identity: String, operation: String, key: String) throws -> StoredReply?
}

package protocol ReplyWriting {
    func insert(_ reply: StoredReply) throws
    /// Forgets replies from before `time`, at most `limit`. Returns how many went.
    func forgetReplies(before time: Timestamp, limit: Int) throws -> Int
}
