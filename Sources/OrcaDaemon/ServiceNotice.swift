import Glibc
import OrcaSupport

/// Tells whoever supervises the server how it stands: one datagram to `$NOTIFY_SOCKET`. Source: sd_notify(3).
enum ServiceNotice {
    /// Whether a service manager waits for it, and so is the one who started this server.
    static var isWanted: Bool { socketPath != nil }

    private static var socketPath: String? {
        EnvironmentVariables.all["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
    }

    static func ready() { send("READY=1") }

    static func stopping() { send("STOPPING=1") }

    private static func send(_ text: String) {
        guard let path = socketPath else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        // An abstract name begins with a zero.
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let raw = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { return }
        let descriptor = OwnedDescriptor(raw)
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let message = Array(text.utf8)
        // A supervisor that does not listen is no reason to fail; it notices by itself.
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor.raw, message, message.count, Int32(MSG_NOSIGNAL), $0, size)
            }
        }
    }
}
