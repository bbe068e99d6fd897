import Glibc
package import OrcaSupport

/// A directory that is removed when the last reference to it goes away.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init(_ name: String = "test") {
        var template = Array("/tmp/orca-\(name)-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { preconditionFailure("/tmp cannot be written") }
        path = String(cString: made)
    }

    deinit {
        // A test that takes away its own permissions fails on its own account; nothing depends on the leftovers.
        try? Files.removeTree(path)
    }

    package func path(_ name: String) -> String { path + "/" + name }

    /// Writes a file below the directory and returns its path.
    @discardableResult
    package func file(_ name: String, _ text: String, mode: UInt32 = 0o644) throws(SystemError) -> String {
        let full = path(name)
        try Files.makeDirectories(Files.split(full).folder)
        try Files.write(text, to: full, mode: mode)
        return full
    }
}
