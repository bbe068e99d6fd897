import OrcaAPI
import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// The programs as they were built, with a home of their own: nothing of the person's is seen or touched.
final class Installation: Sendable {
    let folder = TemporaryDirectory("e2e")
    let programs: String
    let environment: [String: String]

    init() throws {
        programs =
            try ProcessEnvironment.current["ORCA_BIN"] ?? Files.split(Paths.resolved("/proc/self/exe")).folder
        try #require(Files.kind(programs + "/orcad") != nil, "orcad is not in \(programs); build it or set ORCA_BIN")
        environment = [
            "PATH": folder.path("bin") + ":" + programs + ":/usr/bin:/bin", "SHELL": "/bin/bash", "HOME": folder.path,
            "ORCA_HOME": folder.path("home"),
            "GIT_CONFIG_GLOBAL": folder.path("gitconfig"), "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1",
        ]
        try folder.file(
            "gitconfig", "[user]\n\tname = Test Person\n\temail = person@example.com\n[init]\n\tdefaultBranch = main\n")
    }

    deinit {
        // The last one out; a server that is not there is fine.
        _ = try? Subprocess.run(command(programs + "/orca", ["stop"]), timeout: .seconds(30))
        endTerminals()
        endLeftovers()
    }

    func command(_ program: String, _ arguments: [String]) -> SubprocessCommand {
        SubprocessCommand(program, arguments, environment: environment, directory: folder.path)
    }

    /// Runs `orca` and expects an exit code.
    @discardableResult
    func orca(_ arguments: String..., code: Int32 = 0) throws -> String {
        let result = try Subprocess.run(command("orca", arguments), timeout: .seconds(60))
        #expect(result.status == .exited(code: code), "orca \(arguments): \(result.outputText)\(result.errorText)")
        return result.outputText
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let result = try Subprocess.run(command("git", ["-C", repository] + arguments), timeout: .seconds(60))
        #expect(result.status.isSuccess, "git \(arguments): \(result.errorText)")
        return String(result.outputText.dropLast(result.outputText.hasSuffix("\n") ? 1 : 0))
    }

    var repository: String { folder.path("repo") }

    /// A repository with one commit.
    func makeRepository() throws {
        try folder.file("repo/a.txt", "a\n")
        try git("init", "--quiet")
        try git("add", "--all")
        try git("commit", "--quiet", "-m", "first")
    }

    func client() throws -> HTTPClient {
        var options = ConnectOptions(environment: environment)
        options.serverProgram = programs + "/orcad"
        return try HTTPClient(options)
    }

    /// Ends the server as a power cut would; only the one that serves this home.
    func killServer() throws {
        if let pid = try serverProcess() { SystemSignals.kill(pid) }
    }

    /// The server of this home, if one runs.
    func serverProcess() throws -> Int32? {
        let lock = try Files.readText(folder.path("home/run/orcad.lock"))
        guard let field = lock.split(separator: "\"pid\":").last, let pid = Int32(field.prefix { $0.isNumber }),
            ProcessTable.environment(of: pid, contains: "ORCA_HOME=\(folder.path("home"))")
        else { return nil }
        return pid
    }
}
