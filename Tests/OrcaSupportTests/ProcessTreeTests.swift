import Glibc
import OrcaSupport
import OrcaTestKit
import Testing

@Suite struct ProcessTreeTests {
    private let folder = TemporaryDirectory("tree")

    private func start(_ script: String) throws -> SupervisedProcess {
        try SupervisedProcess(
            SubprocessCommand(
                "/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], directory: folder.path))
    }

    /// Follows until the program has said `ready`.
    private func awaitReady(_ process: SupervisedProcess) throws -> String {
        var seen = ""
        while !seen.contains("ready") {
            let pause = try process.follow(until: .after(.milliseconds(20))) {
                seen += String(decoding: $0, as: UTF8.self)
            }
            if case .exited = pause { break }
        }
        return seen
    }

    @Test(arguments: [
        "sleep 300 & sleep 300 & echo ready; wait",
        "trap '' TERM HUP; echo ready; while :; do sleep 1; done",
        "setsid sleep 300 & echo ready; wait",
        "setsid setsid sleep 300 & echo ready; wait",
        "(setsid sh -c 'trap \"\" TERM; sleep 300 & sleep 300' &) ; echo ready; sleep 300",
        "env -i /usr/bin/setsid /bin/sleep 300 & echo ready; wait",
        "trap 'setsid sh -c \"trap : TERM; sleep 300\" & exit 0' TERM; echo ready; sleep 300",
    ])
    func everyMemberOfTheTreeIsEnded(_ script: String) throws {
        let process = try start(script)
        _ = try awaitReady(process)
        let members = process.tree.members()
        #expect(!members.isEmpty)
        _ = process.end(grace: .milliseconds(200))
        #expect(process.tree.members().isEmpty)
        #expect(members.allSatisfy { !$0.identity.isAlive })
    }

    @Test func aProgramThatCompliesIsNotKilled() throws {
        let process = try start("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done")
        _ = try awaitReady(process)
        #expect(process.end(grace: .seconds(10)) == .exited(code: 3))
        #expect(process.end() == .exited(code: 3), "asking again gives the same answer")
    }

    @Test func leftoversOfAProgramThatHasExitedAreEnded() throws {
        let process = try start("setsid sleep 300 & echo $! ready")
        var seen = ""
        let pause = try process.follow { seen += String(decoding: $0, as: UTF8.self) }
        #expect(pause == .exited(.exited(code: 0)))
        let orphan = try #require(Int32(seen.filter(\.isNumber)))
        #expect(ProcessTable.state(of: orphan) == .running)
        #expect(process.end() == .exited(code: 0))
        #expect(ProcessTable.state(of: orphan) == .dead)
    }

    @Test func stoppedRunningAndDeadAreToldApart() throws {
        let process = try start("echo ready; sleep 300; true")
        _ = try awaitReady(process)
        #expect(process.state == .running)
        let members = process.tree.members()
        for member in members { kill(member.pid, SIGSTOP) }
        while members.contains(where: { ProcessTable.state(of: $0.pid) != .stopped }) { sched_yield() }
        #expect(process.state == .stopped)
        for member in members { kill(member.pid, SIGCONT) }
        while members.contains(where: { ProcessTable.state(of: $0.pid) != .running }) { sched_yield() }
        #expect(process.state == .running)
        process.end()
        #expect(process.state == .dead)
    }

    @Test func aShellThatWaitsForAStoppedChildIsStopped() throws {
        let process = try start("sleep 300 & echo $! ready; wait")
        let child = try #require(Int32(try awaitReady(process).filter(\.isNumber)))
        kill(child, SIGSTOP)
        while ProcessTable.state(of: child) != .stopped { sched_yield() }
        #expect(process.state == .stopped)
        process.end()
    }

    @Test func theTreeIsFoundByItsMarkerAlone() throws {
        let process = try start("setsid sleep 300 & echo ready; wait")
        _ = try awaitReady(process)
        let byMarker = ProcessTree(root: 0, marker: process.tree.marker)
        #expect(byMarker.members().count >= 2)
        #expect(byMarker.kill(grace: .milliseconds(200)))
        #expect(process.tree.members().isEmpty)
        process.end()
    }

    @Test func followReturnsWhenItIsWokenOrItsTimeIsUp() throws {
        let process = try start("sleep 300")
        let stop = StopSignal()
        #expect(try process.follow(until: .now) { _ in } == .deadlinePassed)
        stop.raise()
        #expect(try process.follow(wake: [stop.descriptor]) { _ in } == .woken(0))
        process.end()
    }

    @Test func allOutputArrivesInOrderBeforeTheExit() throws {
        let process = try start("i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; exit 4")
        var bytes: [UInt8] = []
        #expect(try process.follow { bytes += $0 } == .exited(.exited(code: 4)))
        process.end()
        let expected = (0..<2000).map { "line \($0)\n" }.joined()
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test func ourOwnLineInTheProcessTableIsReadCorrectly() throws {
        let entry = try #require(ProcessTable.entry(getpid()))
        #expect(entry.parent == getppid())
        #expect(entry.session == getsid(0))
        #expect(entry.state == .running)
        #expect(entry.identity.isAlive)
        #expect(!ProcessEntry.Identity(pid: entry.pid, startTime: entry.startTime + 1).isAlive)
        #expect(ProcessTable.state(of: Int32.max) == .dead)
    }
}
