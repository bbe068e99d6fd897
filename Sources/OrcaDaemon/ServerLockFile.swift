import Glibc
import OrcaSupport

/// "One server per user": held for as long as the server lives, and tells clients where it is.
final class ServerLockFile: Sendable {
    private let lock: FileLock
    private let path: String

    init(_ path: String) throws(DaemonError) {
        self.path = path
        do {
            lock = try FileLock(path, wait: false)
        } catch {
            guard error.code == EWOULDBLOCK else { throw DaemonError(anything: error) }
            // Whatever the holder wrote about itself; an empty note is still a holder.
            let note = (try? Files.readText(path, limit: 4_096)) ?? ""
            let holder = (try? JSONValue(jsonBytes: Array(note.utf8)))?["pid"]?.integerValue
            throw .unavailable(
                "Another orcad is running\(holder.map { " (pid \($0))" } ?? ""). 'orca status' shows it, 'orca stop' stops it."
            )
        }
    }

    func announce(_ identity: ServerIdentity, socket: String, _ transports: Transports) throws(SystemError) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("pid")
        writer.integer(Int64(identity.pid))
        writer.key("socket")
        writer.string(socket)
        writer.key("version")
        writer.string(ProductVersion.current)
        writer.key("instance")
        writer.string(identity.instance)
        writer.key("started_at_ms")
        writer.integer(identity.startedAtMS)
        writer.key("tcp")
        writer.string(transports.tcp)
        writer.key("grpc")
        writer.string(transports.grpc)
        writer.endObject()
        try lock.note(writer.text)
    }

    /// The note goes first: what is left of it tells of a server that ended without stopping. A file that cannot be written any
    /// more keeps nobody from stopping.
    func release() {
        try? lock.note("")
        lock.unlock()
    }
}

/// What is new with every start of a server.
struct ServerIdentity: Sendable {
    let pid: Int32
    let instance: String
    let startedAtMS: Int64

    static func current() -> ServerIdentity {
        ServerIdentity(
            pid: getpid(), instance: UUIDText.random(.random(in: 0...UInt64.max), .random(in: 0...UInt64.max)),
            startedAtMS: SystemTime.wallMilliseconds())
    }
}
