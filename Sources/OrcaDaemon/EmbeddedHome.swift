import Glibc
import OrcaSupport

/// The life of a server that belongs to one client.
enum EmbeddedHome {
    /// What clients call the directories that they make for it.
    private static let directoryPrefix = "/tmp/orca-embedded-"

    /// Stops the server when the other end of the pipe closes: the client has ended, however it did.
    static func follow(_ descriptor: Int32, _ control: DaemonControl) throws {
        let pipe = OwnedDescriptor(descriptor)
        let watcher = try ManagedThread("orca-lifeline") {
            var byte: UInt8 = 0
            while true {
                _ = Poll.readable([pipe.raw], until: .never)
                let count = read(pipe.raw, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { break }
            }
            control.stop(reason: "its client has ended")
        }
        _ = watcher  // ends with the process
    }

    /// Takes away what the client made for this server, and nothing else.
    static func remove(_ environment: [String: String]) {
        guard let home = environment["ORCA_HOME"], home.hasPrefix(directoryPrefix), !home.contains("..") else { return }
        // A temporary directory that stays behind harms nobody.
        try? Files.removeTree(home)
    }
}
