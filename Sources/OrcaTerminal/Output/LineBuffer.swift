/// The newest lines of a terminal, numbered from its first. Redraws of a line collapse into what it says in the end.
///
/// This is no screen: a program that paints the whole screen leaves fragments here. `TerminalHost.screen` shows what a
/// person sees.
package struct LineBuffer: Sendable {
    private var lines: [String] = []
    /// Position of the oldest kept line in `lines`; what is before it is dropped now and then.
    private var head = 0
    private var keptBytes = 0
    private var partial: [UInt8] = []
    /// Byte position of the cursor in `partial`, always at a character's start.
    private var cursor = 0
    /// Number of the oldest kept line.
    package private(set) var oldest: Int64
    /// Whether a line was ever dropped.
    package var hasLost: Bool { oldest > 0 }

    /// - Parameter firstLine: number of the first line that will be finished.
    package init(firstLine: Int64 = 0) { oldest = firstLine }

    /// Number the next finished line will have.
    package var next: Int64 { oldest + Int64(lines.count - head) }

    /// Whether nothing is unfinished.
    package var isAtLineStart: Bool { partial.isEmpty }

    package var partialText: String { Self.text(partial) }

    package mutating func apply(_ piece: ByteScanner.Piece) {
        switch piece {
        case .text(let bytes): write(bytes)
        case .lineFeed: finishLine()
        case .carriageReturn: cursor = 0
        case .backspace: cursor = step(back: 1, from: cursor)
        case .tab: write([0x09])
        case .redraw(let redraw): apply(redraw)
        case .signal: break
        }
    }

    /// Forgets the unfinished line.
    package mutating func dropPartial() {
        partial.removeAll(keepingCapacity: true)
        cursor = 0
    }

    /// Kept lines from `cursor` on, at most `limit`.
    package func lines(from cursor: Int64, limit: Int) -> ArraySlice<String> {
        let start = min(max(cursor, oldest), next)
        let first = head + Int(start - oldest)
        return lines[first..<min(lines.count, first + max(0, limit))]
    }

    /// The newest kept lines, the unfinished one not included.
    package func last(_ limit: Int) -> ArraySlice<String> {
        lines[max(head, lines.count - max(0, limit))...]
    }

    // MARK: Writing

    private mutating func write(_ bytes: ArraySlice<UInt8>) {
        if cursor >= partial.count {
            partial.append(contentsOf: bytes)
            cursor = partial.count
        } else {
            // Overwrites as many characters as are written.
            let end = step(forward: characters(bytes), from: cursor)
            partial.replaceSubrange(cursor..<end, with: bytes)
            cursor += bytes.count
        }
        if partial.count > Self.partialBytesMax { cutPartial() }
    }

    private mutating func apply(_ redraw: ByteScanner.Redraw) {
        switch redraw {
        case .column(let column): cursor = step(forward: column, from: 0)
        case .columnsBy(let count) where count < 0: cursor = step(back: -count, from: cursor)
        case .columnsBy(let count):
            let reached = step(forward: count, from: cursor)
            if reached == partial.count, characters(partial[cursor...]) < count {
                let missing = count - characters(partial[cursor...])
                partial.append(contentsOf: repeatElement(0x20, count: min(missing, TerminalLimits.columns.upperBound)))
            }
            cursor = step(forward: count, from: cursor)
        case .eraseToEnd: partial.removeSubrange(cursor...)
        case .eraseLine: dropPartial()
        case .move, .eraseScreen:
            // Painted elsewhere: what stands there is a line of its own when it says something.
            if !Self.isBlank(partial) { finishLine() } else { dropPartial() }
        }
    }

    private mutating func finishLine() {
        let text = Self.text(partial)
        dropPartial()
        lines.append(text)
        keptBytes += text.utf8.count
        while lines.count - head > TerminalLimits.linesMax || keptBytes > TerminalLimits.lineBytesMax {
            keptBytes -= lines[head].utf8.count
            lines[head] = ""
            head += 1
            oldest += 1
        }
        if head > TerminalLimits.linesMax {
            lines.removeFirst(head)
            head = 0
        }
    }

    private mutating func cutPartial() {
        let text = Self.text(partial)
        guard text.count > TerminalLimits.partialCharactersMax else { return }
        partial = Array(text.prefix(TerminalLimits.partialCharactersMax).utf8)
        cursor = partial.count
    }

    /// Only longer ones are counted in characters.
    private static let partialBytesMax = TerminalLimits.partialCharactersMax * 4

    // MARK: Characters in UTF-8

    private func characters(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    private func step(forward count: Int, from position: Int) -> Int {
        var position = position
        for _ in 0..<count {
            guard position < partial.count else { return partial.count }
            position += 1
            while position < partial.count, partial[position] & 0xC0 == 0x80 { position += 1 }
        }
        return position
    }

    private func step(back count: Int, from position: Int) -> Int {
        var position = position
        for _ in 0..<count {
            guard position > 0 else { return 0 }
            position -= 1
            while position > 0, partial[position] & 0xC0 == 0x80 { position -= 1 }
        }
        return position
    }

    private static func isBlank(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    /// Without the blanks at its end, and without what must not be shown.
    private static func text(_ bytes: [UInt8]) -> String {
        var end = bytes.count
        while end > 0, bytes[end - 1] == 0x20 { end -= 1 }
        let text = String(decoding: bytes[..<end], as: UTF8.self)
        return text.count > TerminalLimits.partialCharactersMax
            ? String(text.prefix(TerminalLimits.partialCharactersMax)) : text
    }
}
