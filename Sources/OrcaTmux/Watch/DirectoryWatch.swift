import CLinux
import Glibc
import OrcaSupport

/// Tells which files of a directory were written to.
final class DirectoryWatch: Sendable {
    private let events: OwnedDescriptor
    private let path: String
    private let identity: FileIdentity?

    init(_ directory: String) throws(SystemError) {
        let raw = orca_inotify()
        guard raw >= 0 else { throw .last("watch", directory) }
        events = OwnedDescriptor(raw)
        path = directory
        identity = FileIdentity(directory)
        guard orca_inotify_watch_directory(raw, directory) >= 0 else { throw .last("watch", directory) }
    }

    /// Readable while there is news.
    var descriptor: Int32 { events.raw }

    /// Whether another directory stands in its place, or none: nothing is told of that one.
    var isGone: Bool { FileIdentity(path) != identity }

    /// Names of the files that changed since the last call; `nil` when some were missed: look at all.
    func changed() throws(SystemError) -> Set<String>? {
        var names: Set<String> = []
        while let bytes = try events.read(atMost: 64 << 10), !bytes.isEmpty {
            var position = 0
            while position + Self.headerBytes <= bytes.count {
                let mask = number(bytes, position + 4)
                if mask & UInt32(IN_Q_OVERFLOW) != 0 { return nil }
                let length = Int(number(bytes, position + 12))
                let name = bytes[(position + Self.headerBytes)..<min(bytes.count, position + Self.headerBytes + length)]
                names.insert(String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
                position += Self.headerBytes + length
            }
        }
        return names
    }

    /// `struct inotify_event`: watch, mask, cookie and length of the name that follows, 32 bits each.
    private static let headerBytes = 16

    private func number(_ bytes: [UInt8], _ position: Int) -> UInt32 {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: UInt32.self) }
    }
}
