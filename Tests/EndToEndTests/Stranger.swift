import Glibc
import OrcaSupport

/// Some other program that listens on a unix socket and greets whoever comes in a language of its own.
final class Stranger: Sendable {
    private let listener: Int32
    private let thread: ManagedThread

    init(_ path: String) throws {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        precondition(path.utf8.count < MemoryLayout.size(ofValue: address.sun_path))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard isBound == 0, listen(listener, 16) == 0 else { throw SystemError.last("listen on", path) }
        self.listener = listener
        thread = try ManagedThread("stranger") {
            while true {
                let guest = accept(listener, nil, nil)
                if guest < 0 { return }
                let greeting = Array("SSH-2.0-Stranger\r\n\r\n".utf8)
                _ = write(guest, greeting, greeting.count)
                shutdown(guest, Int32(SHUT_WR))
                var byte = [UInt8](repeating: 0, count: 4096)
                while read(guest, &byte, byte.count) > 0 {}
                close(guest)
            }
        }
    }

    func leave() {
        shutdown(listener, Int32(SHUT_RDWR))
        thread.join()
        close(listener)
    }
}
