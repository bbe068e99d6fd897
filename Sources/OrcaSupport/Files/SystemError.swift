import Glibc

/// A system call that failed: which one, on what, and why.
package struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The error number, for example `ENOENT`.
    package let code: Int32
    /// What was tried, as words that follow "could not": `open`, `start`.
    package let action: String
    /// The path or thing it was tried on; empty when there is none.
    package let subject: String

    package init(_ code: Int32, _ action: String, _ subject: String = "") {
        self.code = code
        self.action = action
        self.subject = subject
    }

    /// The error of the call that has just failed on this thread.
    package static func last(_ action: String, _ subject: String = "") -> SystemError {
        SystemError(errno, action, subject)
    }

    /// The kernel's words for the number: `No such file or directory`.
    package var reason: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            buffer.initialize(repeating: 0)
            // The POSIX variant fills the buffer; the name resolves to it without _GNU_SOURCE.
            _ = strerror_r(code, buffer.baseAddress!, buffer.count)
            return String(cString: buffer.baseAddress!)
        }
    }

    package var description: String {
        subject.isEmpty ? "could not \(action): \(reason)" : "could not \(action) \(subject): \(reason)"
    }
}
