import OrcaDomain

/// Optimistic concurrency: who says which version it saw is refused when there is a newer one.
enum VersionCheck {
    static func check(_ version: Int, expected: Int?, what: String) throws(DomainError) {
        guard let expected, expected != version else { return }
        throw DomainError(
            .versionConflict,
            "\(what) was changed meanwhile: it is at version \(version), you expected \(expected). Read it again and "
                + "repeat the change.",
            details: ["version": String(version), "expected_version": String(expected)])
    }
}
