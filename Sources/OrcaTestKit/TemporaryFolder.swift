import Glibc
import OrcaSupport

/// A folder for one test. Short, because socket paths are limited to 107 bytes.
package struct TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/orca-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError.last("make", "a temporary folder") }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    /// For `defer`: a test that could not clean up has failed for another reason already.
    package func remove() {
        try? Files.removeTree(path)  // what is left in /tmp harms nobody
    }
}
