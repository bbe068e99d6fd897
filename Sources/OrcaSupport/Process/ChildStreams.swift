import CLinux
import Glibc

/// Opens what a child reads from and writes to.
enum ChildStreams {
    static func open(_ input: SubprocessInput) throws(SubprocessError) -> OwnedDescriptor? {
        do throws(SystemError) {
            switch input {
            case .inherit: return nil
            case .null: return try .open("/dev/null", O_RDONLY)
            case .file(let path): return try .open(path, O_RDONLY)
            case .bytes(let bytes):
                let raw = orca_memfd("orca-input")
                guard raw >= 0 else { throw .last("make an unnamed file") }
                let file = OwnedDescriptor(raw)
                try file.write(bytes)
                lseek(raw, 0, SEEK_SET)
                return file
            }
        } catch {
            throw .system(error)
        }
    }

    /// A pipe from the child to us; our end never blocks.
    static func pipe() throws(SubprocessError) -> (reader: OwnedDescriptor, writer: OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard orca_pipe(&ends) == 0 else { throw .system(.last("make a pipe")) }
        return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
    }

    static func null() throws(SubprocessError) -> OwnedDescriptor {
        do { return try .open("/dev/null", O_RDWR) } catch { throw .system(error) }
    }

    static func append(_ path: String) throws(SubprocessError) -> OwnedDescriptor {
        do { return try .open(path, O_WRONLY | O_CREAT | O_APPEND) } catch { throw .system(error) }
    }
}

/// Our end of a child's output.
struct OutputPipe {
    private(set) var reader: OwnedDescriptor?

    init(_ reader: OwnedDescriptor?) {
        self.reader = reader
    }

    /// -1 once the output has ended.
    var descriptor: Int32 { reader?.raw ?? -1 }

    /// Hands on what is there now and no more than one buffer, so that a busy writer starves nobody.
    mutating func readAvailable(_ consume: ([UInt8]) -> Void) throws(SubprocessError) -> Bool {
        guard let reader else { return false }
        do {
            guard let bytes = try reader.read(atMost: Self.bufferSize, from: "output") else { return false }
            if bytes.isEmpty {
                self.reader = nil
                return false
            }
            consume(bytes)
            return true
        } catch {
            throw .system(error)
        }
    }

    /// Everything the child itself wrote before it ended. Descendants may hold the pipe open for ever, so its end
    /// is not waited for, and what they go on writing is bounded.
    mutating func drain(_ consume: ([UInt8]) -> Void) throws(SubprocessError) {
        for _ in 0..<Self.drainRounds {
            guard try readAvailable(consume) else { return }
        }
    }

    private static let bufferSize = 64 << 10
    /// A pipe holds at most 1 MiB.
    private static let drainRounds = 32
}
