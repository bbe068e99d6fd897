import CLinux
import Glibc
package import OrcaSupport

/// What the live server says about itself in its lock file.
package struct ServerLock: Sendable, Hashable {
    package var pid: Int32
    package var socket: String
    package var version: String
    package var instance: String
    package var startedAtMS: Int64
    package var tcpAddress: String
    /// `unix:/path, host:port`, where gRPC is served.
    package var grpcAddress: String

    /// The most a lock file may have.
    static let bytesMax = 16 << 10

    /// Reads the file; `nil` when there is none or it is being written.
    package static func read(_ path: String) -> ServerLock? {
        // A missing or half-written file both mean: nothing is known about a server.
        guard let bytes = try? Files.read(path, limit: bytesMax), let value = try? JSONValue(jsonBytes: bytes),
            let pid = value["pid"]?.integerValue, let socket = value["socket"]?.stringValue
        else { return nil }
        return ServerLock(
            pid: Int32(clamping: pid), socket: socket, version: value["version"]?.stringValue ?? "",
            instance: value["instance"]?.stringValue ?? "", startedAtMS: value["started_at_ms"]?.integerValue ?? 0,
            tcpAddress: value["tcp"]?.stringValue ?? "", grpcAddress: value["grpc"]?.stringValue ?? "")
    }

    /// Whether a live process holds the lock: the file alone proves nothing, it outlives a crash.
    package static func isHeld(_ path: String) -> Bool {
        let raw = orca_open(path, O_RDONLY, 0)
        guard raw >= 0 else { return false }
        defer { close(raw) }
        return orca_flock(raw, 0, 0) != 0
    }

    /// Waits until nobody holds the lock; false when the deadline passed first.
    package static func waitUntilFree(_ path: String, pid: Int32, until deadline: Deadline) -> Bool {
        let process = orca_pidfd_open(pid)
        if process >= 0 {
            defer { close(process) }
            while isHeld(path) {
                if !Poll.readable([process], until: deadline).isEmpty { return !isHeld(path) }
                if deadline.hasPassed { return false }
            }
        }
        return !isHeld(path)
    }
}
