/// Bounds of everything about terminals.
package enum TerminalLimits {
    /// Terminals that may exist at once.
    package static let terminalsMax = 500
    /// Bytes of one injected text.
    package static let textBytesMax = 16 << 20
    /// Finished lines kept for reading, bytes they may take, and characters of the unfinished one.
    package static let linesMax = 2_000
    package static let lineBytesMax = 256 << 10
    package static let partialCharactersMax = 4_000
    /// What an uncursored read answers unless asked otherwise.
    package static let tailLines = 120
    package static let tailBytesMax = 32 << 10
    package static let previewLines = 6
    package static let previewCharacters = 300
    package static let titleCharactersMax = 1_024
    /// Bytes of an escape sequence that is kept while it is incomplete.
    package static let sequenceBytesMax = 8 << 10
    /// Changes a slow subscriber may fall behind.
    package static let changesMax = 1_024
    /// How long after a person's last key nothing is typed.
    package static let typingQuietMS: Int64 = 3_000
    /// Between a pasted text and Enter: agents swallow an Enter that comes with the paste.
    package static let enterGapMS: Int64 = 200
    /// How long evidence is waited for after Enter, and how often Enter is pressed again.
    package static let verifyMS: Int64 = 5_000
    package static let enterRetryMS: Int64 = 1_500
    package static let enterRetriesMax = 2
    /// How long an injection waits for another one in the same terminal.
    package static let injectionQueueMS: Int64 = 30_000
    package static let columns = 20...1_000
    package static let rows = 5...500
}
