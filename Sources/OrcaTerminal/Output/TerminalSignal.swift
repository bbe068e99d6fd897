/// What a program says about itself between the text it writes.
package enum TerminalSignal: Sendable, Hashable {
    /// OSC 0 or 2, and OSC 1 when there is no other: at most `TerminalLimits.titleCharactersMax`.
    case title(String)
    case iconTitle(String)
    /// OSC 9 with text, OSC 777;notify.
    case notification(String)
    /// OSC 9;4: 0 none, 1 percentage, 2 error, 3 unknown, 4 paused.
    case progress(Int)
    /// OSC 133: A prompt begins, B it ends, C a command runs, D it ended, with its exit code.
    case shellPrompt
    case shellPromptEnd
    case shellCommand
    case shellCommandEnd(Int32?)
    /// OSC 7501: `idle`, `working`, `done`, …
    case agentState(String)
    /// OSC 9999 with a JSON status.
    case agentReport(String)
    case bell
    /// Bracketed paste mode, `?2004h` and `?2004l`.
    case pasteMode(Bool)
    /// The alternate screen, `?1049h` and `?1049l`.
    case alternateScreen(Bool)
}
