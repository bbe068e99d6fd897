import CLinux
import Glibc
import OrcaSupport

/// What a pane wrote, as a file that only its tail takes room of: what was read and is not needed to rebuild the kept
/// lines is given back to the disk.
struct Transcript: Sendable {
    /// A place to begin reading again: the bytes before it are not needed, and the line that begins there has this number.
    struct Mark: Sendable, Hashable {
        var offset: Int64
        var line: Int64
    }

    /// Bytes behind the newest mark that are kept, how far apart marks are, and how much is given back at once.
    static let keptBytes: Int64 = 512 << 10
    static let markEveryBytes: Int64 = 64 << 10
    static let punchBytes: Int64 = 1 << 20
    /// Where no part of a file can be given back, it is emptied when it is longer than this and all of it was read.
    static let fallbackBytesMax: Int64 = 64 << 20
    /// Bytes taken in at once, so that one pane cannot keep the others waiting.
    static let partBytesMax = 256 << 10

    let path: String
    private let file: OwnedDescriptor
    private(set) var offset: Int64
    private(set) var marks: [Mark]
    private var punched: Int64
    private var canPunch = true

    init(_ path: String, from mark: Mark) throws(SystemError) {
        self.path = path
        file = try .open(path, O_RDWR | O_CREAT, mode: 0o600)
        offset = mark.offset
        marks = [mark]
        punched = mark.offset
    }

    /// The oldest place from which the kept lines can be rebuilt.
    var restart: Mark { marks[0] }

    var hasMore: Bool {
        var facts = stat()
        return fstat(file.raw, &facts) == 0 && Int64(facts.st_size) > offset
    }

    /// When it was last written to, in milliseconds since 1970; `nil` while it is empty.
    var writtenAtMS: Int64? {
        var facts = stat()
        guard fstat(file.raw, &facts) == 0, facts.st_size > 0 else { return nil }
        return Int64(facts.st_mtim.tv_sec) * 1_000 + Int64(facts.st_mtim.tv_nsec) / 1_000_000
    }

    /// The next bytes; empty when there are none.
    mutating func next() -> [UInt8] {
        let start = offset
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.partBytesMax) { buffer, count in
            count = max(0, pread(file.raw, buffer.baseAddress!, Self.partBytesMax, off_t(start)))
        }
        offset += Int64(bytes.count)
        return bytes
    }

    /// Notes that reading could begin here, at the start of that line.
    mutating func mark(line: Int64, force: Bool) {
        guard offset - marks[marks.count - 1].offset >= Self.markEveryBytes || force else { return }
        marks.append(Mark(offset: offset, line: line))
        while marks.count > 1, offset - marks[1].offset >= Self.keptBytes { marks.removeFirst() }
        release()
    }

    private mutating func release() {
        guard restart.offset - punched >= Self.punchBytes else { return }
        if canPunch, orca_punch_hole(file.raw, punched, restart.offset - punched) == 0 {
            punched = restart.offset
            return
        }
        canPunch = false
        var facts = stat()
        guard fstat(file.raw, &facts) == 0, Int64(facts.st_size) == offset, offset > Self.fallbackBytesMax,
            ftruncate(file.raw, 0) == 0
        else { return }
        let line = marks[marks.count - 1].line
        offset = 0
        punched = 0
        marks = [Mark(offset: 0, line: line)]
    }
}
