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
                answers = subprocess.run(["orca", "status"], capture_output=True).returncode == 0
                server.terminate()
                print(first, answers, told.recv(100).decode(), server.wait(30))
            """)
        let result = try Subprocess.run(
            place.command("python3", [script, place.programs + "/orcad"]), timeout: .seconds(90))
        #expect(result.outputText == "READY=1 True STOPPING=1 0\nREADY=1 True STOPPING=1 0\n", "\(result.errorText)")
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
