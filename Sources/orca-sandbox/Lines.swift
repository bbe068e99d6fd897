import Glibc

/// Lines of JSON on standard input and output.
struct Lines {
    /// Bytes of one line from here.
    static let bytesMax = 4 << 20
    /// Bytes of one line to here: all rows of a list may come at once.
    static let readMax = 16 << 20

    private var pending: [UInt8] = []

    /// One line without its newline; `nil` at the end of the input.
    mutating func next() -> [UInt8]? {
        var searched = 0
        while true {
            if let end = pending[searched...].firstIndex(of: 0x0A) {
                let line = Array(pending[..<end])
                pending.removeSubrange(...end)
                return line
            }
            searched = pending.count
            if pending.count > Self.readMax { exit(7) }
            var chunk = [UInt8](repeating: 0, count: 64 << 10)
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return nil }
            pending += chunk[..<count]
        }
    }

    static func write(_ bytes: [UInt8]) {
        if bytes.count > bytesMax { exit(7) }
        let line = bytes + [0x0A]
        var done = 0
        while done < line.count {
            let count = line[done...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { exit(8) }
            done += count
        }
    }
}
