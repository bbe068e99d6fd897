extension LineBuffer {
    /// Answers a read as the contract of `terminal read` has it: the tail with the unfinished line, bounded in bytes;
    /// or finished lines from a cursor.
    package func read(_ range: TerminalReadRange) -> TerminalOutput {
        switch range {
        case .tail(let limit): return tail(min(max(1, limit), TerminalLimits.linesMax))
        case .from(let cursor, let limit):
            let found = Array(lines(from: cursor, limit: min(max(1, limit), TerminalLimits.linesMax)))
            let reached = min(max(cursor, oldest), next) + Int64(found.count)
            return TerminalOutput(
                lines: found, isLimited: reached < next, isTruncated: cursor < oldest, oldestCursor: oldest,
                nextCursor: max(cursor, reached), latestCursor: next)
        }
    }

    private func tail(_ limit: Int) -> TerminalOutput {
        var found = Array(last(limit))
        if !isAtLineStart { found.append(partialText) }
        if found.count > limit { found.removeFirst(found.count - limit) }
        var bytes = found.reduce(0) { $0 + $1.utf8.count + 1 }
        var first = 0
        while bytes > TerminalLimits.tailBytesMax, first < found.count - 1 {
            bytes -= found[first].utf8.count + 1
            first += 1
        }
        found.removeFirst(first)
        let kept = Int(next - oldest) + (isAtLineStart ? 0 : 1)
        return TerminalOutput(
            lines: found, isLimited: found.count < kept, isTruncated: hasLost, oldestCursor: oldest, nextCursor: next,
            latestCursor: next)
    }

    /// The last lines that say something, for lists.
    package var preview: String {
        var found: [String] = []
        var candidates = Array(last(TerminalLimits.tailLines))
        if !isAtLineStart { candidates.append(partialText) }
        for line in candidates.reversed() where line.contains(where: { !$0.isWhitespace }) {
            found.append(line)
            if found.count == TerminalLimits.previewLines { break }
        }
        return String(found.reversed().joined(separator: "\n").suffix(TerminalLimits.previewCharacters))
    }
}
