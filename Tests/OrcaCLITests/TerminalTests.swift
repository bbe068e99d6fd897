import Glibc
import OrcaCLI
import OrcaConnect
import OrcaSupport
import Testing

/// Both ends of a pseudo terminal.
private struct PseudoTerminal {
    let master: OwnedDescriptor
    let slave: OwnedDescriptor

    init(columns: UInt16, lines: UInt16) throws {
        master = try OwnedDescriptor.open("/dev/ptmx", O_RDWR | O_NOCTTY)
        // TIOCSPTLCK and TIOCGPTN of ioctl_tty(2), which Glibc's module does not have.
        var locked: Int32 = 0
        var number: UInt32 = 0
        #expect(
            ioctl(master.raw, UInt(0x4004_5431), &locked) == 0 && ioctl(master.raw, UInt(0x8004_5430), &number) == 0)
        slave = try OwnedDescriptor.open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        var size = winsize(ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        #expect(ioctl(slave.raw, UInt(TIOCSWINSZ), &size) == 0)
    }

    /// Reads until the text has come; all that was read.
    func read(until text: String) throws -> String {
        var seen = ""
        while !seen.contains(text) {
            guard !Poll.readable([master.raw], until: .after(.seconds(30))).isEmpty,
                let bytes = try master.read(atMost: 65_536), !bytes.isEmpty
            else {
                Issue.record("'\(text)' did not come; what came: \(seen)")
                return seen
            }
            seen += String(decoding: bytes, as: UTF8.self)
        }
        return seen
    }
}

@Suite struct TerminalTests {
    @Test func watchShowsWhatHappensAndEndsWithQ() throws {
        let world = try RealWorld()
        #expect(try world.run("project", "create", "P").status.isSuccess)
        #expect(try world.run("add", "The first", "-p", "P").status.isSuccess)
        let terminal = try PseudoTerminal(columns: 100, lines: 30)
        let child = try ChildProcess.spawn(
            world.command(["watch", "-p", "P"]), input: terminal.slave.raw, output: terminal.slave.raw,
            error: terminal.slave.raw)
        #expect(try terminal.read(until: "The first").hasPrefix(ScreenPainter.enter))
        #expect(try world.run("claim", "P-1", "--agent", "somebody").status.isSuccess)
        _ = try terminal.read(until: "somebody")
        try terminal.master.write(Array("q".utf8))
        _ = try terminal.read(until: ScreenPainter.leave)
        #expect(child.reap() == .exited(code: 0))
    }

    @Test func watchLeavesTheScreenWhenItIsToldToEnd() throws {
        let world = try RealWorld()
        let terminal = try PseudoTerminal(columns: 60, lines: 12)
        let child = try ChildProcess.spawn(
            world.command(["watch"]), input: terminal.slave.raw, output: terminal.slave.raw, error: terminal.slave.raw)
        _ = try terminal.read(until: "q quits")
        child.signal(SIGTERM)
        _ = try terminal.read(until: ScreenPainter.leave)
        #expect(child.reap() == .exited(code: 0))
    }

    @Test(arguments: CompletionScript.shells)
    func completionScriptsAreUnderstoodByTheirShell(shell: String) throws {
        try #require(access("/usr/bin/\(shell)", X_OK) == 0, "\(shell) is not installed; run 'make setup'")
        let script = FakeWorld().run("completions", shell).out
        let outcome = try Subprocess.run(SubprocessCommand(shell, ["-n"]), input: .bytes(Array(script.utf8)))
        #expect(outcome.status.isSuccess && outcome.error.isEmpty, "\(outcome.errorText)")
    }

    @Test func bashCompletesWithWhatTheServerKnows() throws {
        let world = try RealWorld()
        #expect(try world.run("project", "create", "P").status.isSuccess)
        for title in ["One", "Two"] { #expect(try world.run("add", title, "-p", "P").status.isSuccess) }
        let script = """
            source <(orca completions bash)
            try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _orca; echo "${COMPREPLY[*]}"; }
            try orca claim P-; try orca list --status = r; try orca task sh
            """
        var command = SubprocessCommand("bash", ["--norc", "-c", script], environment: world.environment)
        command.environment["PATH"] = Files.split(world.orca).folder + ":/usr/bin:/bin"
        let outcome = try Subprocess.run(command)
        #expect(outcome.outputText == "P-1 P-2\nready\nshow\n", "\(outcome.errorText)")
    }
}
