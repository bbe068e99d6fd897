import Glibc
import OrcaSupport
import OrcaTestKit
import Testing

@Suite struct SubprocessTests {
    private let folder = TemporaryDirectory("subprocess")

    private func shell(_ script: String, environment: [String: String] = ["PATH": "/usr/bin:/bin"]) -> SubprocessCommand
    {
        SubprocessCommand("/bin/sh", ["-c", script], environment: environment, directory: folder.path)
    }

    @Test func capturesBothStreamsAndTheExitCode() throws {
        let result = try Subprocess.run(shell("echo out; echo err >&2; exit 7"))
        #expect(result.outputText == "out\n")
        #expect(result.errorText == "err\n")
        #expect(result.status == .exited(code: 7))
        #expect(result.status.shellCode == 7)
    }

    @Test func tellsASignalFromAnExitCode() throws {
        let result = try Subprocess.run(shell("kill -TERM $$"))
        #expect(result.status == .signaled(SIGTERM))
        #expect(result.status.shellCode == 143)
    }

    @Test func argumentsArriveAsTheyAre() throws {
        let arguments = ["a b", "$HOME", "; rm -rf x", "", "\u{1b}[31m", "ünïcode", "-n", "'\"\\"]
        let result = try Subprocess.run(SubprocessCommand("printf", ["%s\\0"] + arguments))
        #expect(
            result.output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
                String(decoding: $0, as: UTF8.self)
            } == arguments)
    }

    @Test func standardInputComesFromBytesOfAnySize() throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
        let result = try Subprocess.run(shell("cat"), input: .bytes(bytes))
        #expect(result.output == bytes)
    }

    @Test func standardInputComesFromAFileOrIsEmpty() throws {
        let path = try folder.file("in", "hello")
        #expect(try Subprocess.run(shell("cat"), input: .file(path: path)).outputText == "hello")
        #expect(try Subprocess.run(shell("cat")).output.isEmpty)
    }

    @Test func theEnvironmentIsTheGivenOneAndNoMore() throws {
        let result = try Subprocess.run(SubprocessCommand("/usr/bin/env", environment: ["A": "1", "B": "x=y"]))
        #expect(Set(result.outputText.split(separator: "\n")) == ["A=1", "B=x=y"])
    }

    @Test func theChildHasNoOtherDescriptorsAndDefaultSignals() throws {
        SignalPipe.ignoreBrokenPipes()
        let leaked = open("/dev/null", O_RDONLY)
        defer { close(leaked) }
        let result = try Subprocess.run(
            shell("ls /proc/self/fd; grep -E 'SigBlk|SigIgn' /proc/self/status; ps -o sid= -p $$; echo $$"))
        let lines = result.outputText.split(separator: "\n").map { $0.filter { $0 != " " } }
        // 3 is the directory that `ls` itself reads.
        #expect(lines.prefix(4) == ["0", "1", "2", "3"])
        #expect(lines[4] == "SigBlk:\t0000000000000000")
        // 32 and 33 belong to the C library; nobody can reset them.
        let ignored = try #require(UInt64(lines[5].dropFirst("SigIgn:\t".count), radix: 16))
        #expect(ignored & ~(3 << 31) == 0)
        #expect(lines[6] == lines[7], "it leads a session of its own")
    }

    @Test func aMissingProgramIsNamedWithWhereItWasLookedFor() {
        #expect(throws: SubprocessError.executableNotFound(name: "no-such-program", searched: "/usr/bin:/bin")) {
            try Subprocess.run(SubprocessCommand("no-such-program", environment: ["PATH": "/usr/bin:/bin"]))
        }
        #expect(throws: SubprocessError.executableNotFound(name: "/no/such", searched: "")) {
            try Subprocess.run(SubprocessCommand("/no/such"))
        }
    }

    @Test func aFileThatMayNotBeExecutedIsNamed() throws {
        let path = try folder.file("script", "#!/bin/sh\n")
        #expect(throws: SubprocessError.notExecutable(path: path)) { try Subprocess.run(SubprocessCommand(path)) }
    }

    @Test func aMissingDirectoryIsNotMistakenForAMissingProgram() {
        #expect(throws: SubprocessError.directoryNotFound(path: "/no/such/dir")) {
            try Subprocess.run(SubprocessCommand("/bin/true", directory: "/no/such/dir"))
        }
    }

    @Test func aRelativeProgramIsTakenFromTheWorkingDirectory() throws {
        try folder.file("bin/tool", "#!/bin/sh\necho here\n", mode: 0o755)
        let result = try Subprocess.run(SubprocessCommand("bin/tool", directory: folder.path))
        #expect(result.outputText == "here\n")
    }

    @Test func outputBeyondTheLimitIsReadAndDropped() throws {
        let result = try Subprocess.run(shell("head -c 5000000 /dev/zero; echo end >&2"), output: .capture(limit: 1000))
        #expect(result.output.count == 1000)
        #expect(result.isTruncated)
        #expect(result.errorText == "end\n")
    }

    @Test func streamsCanBeMergedOrSentToAFile() throws {
        let merged = try Subprocess.run(shell("echo a; echo b >&2; echo c"), error: .merged)
        #expect(merged.outputText == "a\nb\nc\n")
        let path = folder.path("log")
        _ = try Subprocess.run(shell("echo 1"), output: .file(path: path))
        _ = try Subprocess.run(shell("echo 2"), output: .file(path: path))
        #expect(try Files.readText(path) == "1\n2\n")
    }

    @Test func aCommandThatOutlivesItsTimeIsEndedWithItsChildren() throws {
        let start = ContinuousClock.now
        #expect(throws: SubprocessError.timedOut(command: "/bin/sh", limit: .milliseconds(200))) {
            try Subprocess.run(shell("trap '' TERM; sleep 300 & echo $! > child; wait"), timeout: .milliseconds(200))
        }
        #expect(ContinuousClock.now - start < .seconds(20))
        let child = try #require(Int32(try Files.readText(folder.path("child")).filter(\.isNumber)))
        #expect(ProcessTable.state(of: child) == .dead)
    }

    @Test func aDescendantThatHoldsThePipeDoesNotHoldUs() throws {
        let result = try Subprocess.run(shell("sleep 300 & echo $!; exit 0"))
        let orphan = try #require(Int32(result.outputText.filter(\.isNumber)))
        kill(orphan, SIGKILL)
        #expect(result.status.isSuccess)
    }

    @Test func manyRunsLeakNothing() throws {
        _ = try Subprocess.run(shell("true"))
        let before = try Files.list("/proc/self/fd").count
        for round in 0..<200 {
            #expect(try Subprocess.run(shell("exit \(round % 7)")).status == .exited(code: Int32(round % 7)))
        }
        // Other tests open files meanwhile; two descriptors leaked per run would be hundreds.
        #expect(try Files.list("/proc/self/fd").count < before + 100)
    }
}
