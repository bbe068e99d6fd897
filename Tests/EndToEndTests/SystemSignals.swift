import Glibc

/// Signals to processes that a test has started.
enum SystemSignals {
    static func kill(_ pid: Int32) {
        _ = Glibc.kill(pid, SIGKILL)
    }

    /// As a service manager does it.
    static func terminate(_ pid: Int32) {
        _ = Glibc.kill(pid, SIGTERM)
    }

    static func stop(_ pid: Int32) {
        _ = Glibc.kill(pid, SIGSTOP)
    }

    static func goOn(_ pid: Int32) {
        _ = Glibc.kill(pid, SIGCONT)
    }
}
