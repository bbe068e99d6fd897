import Glibc
import OrcaSupport

/// What a command wrote: the beginning in a file of bounded size, the end in memory.
package final class Transcript {
    package let path: String
    private let file: OwnedDescriptor?
    private var written = 0
    private var isCut = false
    private var tail: [UInt8] = []

    /// Bytes kept in the file and in memory.
    package static let fileBytesMax = 32 << 20
    package static let tailBytesMax = 4 << 10
    /// Transcripts kept in a directory; the oldest go.
    package static let filesMax = 2000

    package init(state: String, attempt: String) {
        let folder = state + "/transcripts"
        path = "\(folder)/\(attempt).log"
        // A transcript that cannot be written is no reason not to work: then only its end is kept.
        try? Files.makeDirectories(folder, mode: 0o700)
        file = try? OwnedDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND)
    }

    package func append(_ bytes: [UInt8]) {
        keepTail(bytes)
        guard let file, !isCut else { return }
        let part = bytes.prefix(Self.fileBytesMax - written)
        // A full disk shows when the work is committed; the transcript just ends.
        try? file.write(Array(part), to: path)
        written += part.count
        if part.count < bytes.count {
            isCut = true
            // As above.
            try? file.write(
                Array("\n[orca: the rest is not kept; a transcript has at most \(Self.fileBytesMax) bytes]\n".utf8))
        }
    }

    /// The last lines as text without control characters, at most `limit` bytes.
    package func lastWords(limit: Int = tailBytesMax) -> String {
        var bytes = tail.suffix(limit)
        if bytes.count < tail.count, let line = bytes.firstIndex(of: UInt8(ascii: "\n")), line < bytes.endIndex - 1 {
            bytes = bytes[(line + 1)...]
        }
        let text = String(decoding: bytes, as: UTF8.self).unicodeScalars.filter { scalar in
            scalar == "\n" || scalar == "\t" || (scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value))
        }
        var words = Substring(String(String.UnicodeScalarView(text)))
        while words.last?.isWhitespace == true { words.removeLast() }
        return String(words)
    }

    private func keepTail(_ bytes: [UInt8]) {
        tail += bytes.suffix(Self.tailBytesMax)
        if tail.count > 2 * Self.tailBytesMax { tail = Array(tail.suffix(Self.tailBytesMax)) }
    }

    /// Removes the oldest transcripts beyond the limit; attempt ids sort by time.
    package static func prune(state: String) {
        let folder = state + "/transcripts"
        // No directory, nothing to prune.
        guard let names = try? Files.list(folder), names.count > filesMax else { return }
        for name in names.prefix(names.count - filesMax) { unlink("\(folder)/\(name)") }
    }
}
