import Glibc
import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// What docs/deployment.md and the service file promise.
@Suite struct DeploymentTests {
    private var sources: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    }

    @Test func theSupervisorIsToldWhenItListensAndWhenItStops() throws {
        let place = try Installation()
        let script = try place.folder.file(
            "supervisor.py",
            """
            import os, socket, subprocess, sys
            for name in (os.path.abspath("notify"), "\\0orca-test-%d" % os.getpid()):
                told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                told.bind(name)
                told.settimeout(30)
                place = dict(os.environ, NOTIFY_SOCKET=name.replace("\\0", "@"))
                server = subprocess.Popen([sys.argv[1], "serve"], env=place, stderr=subprocess.DEVNULL)
                first = told.recv(100).decode()
                status = subprocess.run(["orca", "status"], capture_output=True, text=True).stdout
                answers = "startedBy: a service manager" in status
                refused = subprocess.run(["orca", "restart"], capture_output=True, text=True)
                answers = answers and refused.returncode == 4 and "systemctl restart" in refused.stderr
                server.terminate()
                print(first, answers, told.recv(100).decode(), server.wait(30))
            """)
        let result = try Subprocess.run(
            place.command("python3", [script, place.programs + "/orcad"]), timeout: .seconds(90))
        #expect(result.outputText == "READY=1 True STOPPING=1 0\nREADY=1 True STOPPING=1 0\n", "\(result.errorText)")
    }

    @Test func aServerThatStoppedIsNotTakenForOneThatWasKilled() throws {
        let place = try Installation()
        func state() throws -> String {
            let answer = try JSONValue(jsonBytes: try place.answer(["status", "--json"]).output)
            return answer["result"]?["runtime"]?["state"]?.stringValue ?? ""
        }
        try place.orca("project", "create", "API")
        try place.orca("stop")
        #expect(try state() == "not_running")
        try place.orca("project", "list")
        let pid = try #require(ServerLock.read(place.places.serverLock)?.pid)
        kill(pid, SIGKILL)
        #expect(try place.eventually { try state() == "stale_bootstrap" })
    }

    @Test func everySettingOfTheServiceFileIsOne() throws {
        let place = try Installation()
        let text = try Files.readText(sources + "/deploy/orcad.service")
        // Its program need not be installed here.
        let unit = try place.folder.file("orcad.service", text.replacing("/usr/local/bin/orcad", with: "/bin/true"))
        let result = try Subprocess.run(place.command("systemd-analyze", ["verify", unit]), timeout: .seconds(60))
        #expect(result.status.isSuccess && result.errorText.isEmpty, "\(result.errorText)")
    }
}
