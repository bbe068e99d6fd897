import OrcaTerminal
import Testing

/// Questions about trust as agents put them, recorded and shortened.
@Suite struct TrustDialogTests {
    /// Claude Code 2.1.330 marks the refusal.
    private static let claude = [
        "───────────", " Accessing workspace:", "", " /w/c1", "",
        " Quick safety check: Is this a project you created or one you trust? (Like your own code, a well-known open source",
        " project, or work from your team). If not, take a moment to review what's in this folder first.", "",
        " ❯ No, exit", "   Yes, I trust this folder", "", " Enter to confirm · Esc to cancel",
    ]
    private static let olderClaude = [
        "│ Do you trust the files in this folder?", "│", "│ ❯ 1. Yes, proceed", "│   2. No, exit",
    ]
    private static let gemini = [
        "│ Do you trust this folder?", "│", "│ ● 1. Trust folder (c1)", "│   2. Trust parent folder (repo)",
        "│   3. Don't trust",
    ]

    @Test func yesIsConfirmedOnlyWhereItIsMarked() {
        #expect(TrustDialog.step(Self.claude) == .press(.down))
        var moved = Self.claude
        moved[8] = "   No, exit"
        moved[9] = " ❯ Yes, I trust this folder"
        #expect(TrustDialog.step(moved) == .confirm)
        #expect(TrustDialog.step(Self.olderClaude) == .confirm)
        #expect(TrustDialog.step(Self.gemini) == .confirm)
        var below = Self.gemini
        below[2] = "│   1. Trust folder (c1)"
        below[4] = "│ ● 3. Don't trust"
        #expect(TrustDialog.step(below) == .press(.up))
    }

    @Test(arguments: [
        [], ["$ "], ["❯ Yes"], ["Do you want to proceed?", "❯ 1. Yes", "  2. No"],
        ["  Yes, I trust this folder", "", "", "", "", "", "", "", "❯ something far away"],
        ["❯ 1. Trust parent folder", "  2. No"],
    ])
    func whatIsNotUnderstoodIsLeftAlone(rows: [String]) {
        #expect(TrustDialog.step(rows) == nil)
    }
}
