/// Which lines to read.
package enum TerminalReadRange: Sendable, Hashable {
    /// The newest lines, the unfinished one included.
    case tail(lines: Int)
    /// Finished lines from a cursor of an earlier answer; what is gone is skipped.
    case from(cursor: Int64, lines: Int)
}

/// Lines of a terminal, escape sequences taken out.
package struct TerminalOutput: Sendable, Hashable {
    package var lines: [String]
    /// Lines that are still kept were left out because of the limit.
    package var isLimited: Bool
    /// Output between the cursor and the first line, or before the oldest kept one, is lost.
    package var isTruncated: Bool
    /// Number of the oldest kept line, and of the first one to read next time. Lines count from the terminal's first.
    package var oldestCursor: Int64
    package var nextCursor: Int64
    /// Number the next finished line will have.
    package var latestCursor: Int64

    package init(
        lines: [String], isLimited: Bool, isTruncated: Bool, oldestCursor: Int64, nextCursor: Int64, latestCursor: Int64
    ) {
        self.lines = lines
        self.isLimited = isLimited
        self.isTruncated = isTruncated
        self.oldestCursor = oldestCursor
        self.nextCursor = nextCursor
        self.latestCursor = latestCursor
    }
}

/// The visible screen.
package struct TerminalScreen: Sendable, Hashable {
    /// One per row, blanks at the ends taken off.
    package var rows: [String]
    /// Counted from 0.
    package var cursorColumn: Int
    package var cursorRow: Int
    package var isAlternate: Bool

    package init(rows: [String], cursorColumn: Int, cursorRow: Int, isAlternate: Bool) {
        self.rows = rows
        self.cursorColumn = cursorColumn
        self.cursorRow = cursorRow
        self.isAlternate = isAlternate
    }
}
