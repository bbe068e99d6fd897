package import OrcaDomain

package protocol TokenCollection {
    func find(_ id: TokenID) throws -> AccessToken?
    func find(digest: String) throws -> AccessToken?
    /// Those of this name that are neither revoked nor expired then, the oldest first.
    func named(_ name: String, goodAt now: Timestamp, limit: Int) throws -> [AccessToken]
    /// By creation.
    func page(_ request: PageRequest) throws -> Page<AccessToken>
}

package protocol TokenWriting {
    func insert(_ token: AccessToken) throws
    func save(_ token: AccessToken) throws
}
