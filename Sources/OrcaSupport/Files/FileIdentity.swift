import Glibc

/// Which file a path leads to. Two files that exist at the same time never have the same one; a path whose identity
/// changes was replaced.
package struct FileIdentity: Sendable, Hashable {
    private let device: UInt64
    private let inode: UInt64

    /// What the path leads to, links followed; `nil` when there is nothing.
    package init?(_ path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        device = UInt64(facts.st_dev)
        inode = UInt64(facts.st_ino)
    }
}
