/// How one agent program shows what it is doing. Data: programs reword their screens every few weeks.
package struct AgentRules: Sendable, Hashable {
    /// A dialog that waits for an answer.
    package struct Dialog: Sendable, Hashable {
        /// Told to whoever waits: `codex-trust-workspace`.
        package var reason: String
        package var isPermission: Bool
        /// All of them must be on the screen, each in some row.
        package var rows: [TextPattern]

        package init(reason: String, isPermission: Bool = false, rows: [TextPattern]) {
            self.reason = reason
            self.isPermission = isPermission
            self.rows = rows
        }
    }

    /// `claude`; `shell` for what no other rules are for.
    package var id: String
    /// Names of the program's file or script.
    package var programs: [String] = []
    package var workingTitles: [TextPattern] = []
    package var idleTitles: [TextPattern] = []
    package var permissionTitles: [TextPattern] = []
    /// A working title moves all the time: one that stands still is left over.
    package var hasAnimatedTitle = false
    package var busyRows: [TextPattern] = []
    /// Rows that look busy and are not.
    package var notBusyRows: [TextPattern] = []
    package var promptRows: [TextPattern] = []
    /// Prompts with nothing typed, or with a hint that goes when one types.
    package var emptyPromptRows: [TextPattern] = []
    /// Rows that look like a prompt and are an entry of a menu.
    package var menuRows: [TextPattern] = []
    package var dialogs: [Dialog] = []
    package var rateLimitRows: [TextPattern] = []
    /// Groups of rows that, all on the screen, say that it is ready.
    package var readyScreens: [[TextPattern]] = []
    /// Bracketed paste is on at its prompt and off while it works.
    package var pasteModeTellsTurns = false
    /// Mail that is pushed to it is typed without Enter.
    package var pushesWithoutEnter = false
    /// It is a shell: idle when itself in the foreground.
    package var isShell = false

    package init(id: String) { self.id = id }
}

/// What a screen says by an agent's rules.
package struct ScreenReading: Sendable, Hashable {
    package var isBusy = false
    package var hasPrompt = false
    package var isPromptEmpty = false
    package var dialog: AgentRules.Dialog?
    package var isRateLimited = false
    package var isReady = false

    package init() {}
}

extension AgentRules {
    /// Only the newest rows count: above them is history.
    private static let rowsMax = 30

    package func read(_ screen: TerminalScreen) -> ScreenReading {
        let rows = Array(Self.rows(screen).suffix(Self.rowsMax))
        var reading = ScreenReading()
        var promptAt = -1
        for (position, row) in rows.enumerated() {
            if busyRows.match(row), !notBusyRows.match(row) { reading.isBusy = true }
            if rateLimitRows.match(row) { reading.isRateLimited = true }
            if promptRows.match(row), !menuRows.match(row) {
                promptAt = position
                reading.isPromptEmpty = emptyPromptRows.match(row)
            }
        }
        reading.hasPrompt = promptAt >= 0
        reading.isReady = readyScreens.contains { group in
            group.allSatisfy { pattern in rows.contains { pattern.matches($0) } }
        }
        for dialog in dialogs {
            let places = dialog.rows.map { pattern in rows.lastIndex { pattern.matches($0) } ?? -1 }
            guard let lowest = places.min(), lowest >= 0, let last = places.max() else { continue }
            // A prompt below a dialog means that the dialog was answered.
            if promptAt > last { continue }
            reading.dialog = dialog
            break
        }
        return reading
    }

    /// Non-blank rows without the frames that are drawn around boxes, in lower case.
    private static func rows(_ screen: TerminalScreen) -> [[Character]] {
        screen.rows.compactMap { row in
            var text = Array<Character>(row.lowercased())[...]
            while let last = text.last, isFrame(last) { text.removeLast() }
            while let first = text.first, isFrame(first) { text.removeFirst() }
            return text.isEmpty ? nil : Array(text)
        }
    }

    private static func isFrame(_ character: Character) -> Bool {
        character.isWhitespace || "│┃║▌▐╎┆┊".contains(character)
    }
}
