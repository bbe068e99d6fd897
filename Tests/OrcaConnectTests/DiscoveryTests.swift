import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Synchronization
import Testing

/// A home of its own with a real server, which is stopped at the end.
private final class Home {
    let path: String
    var options: ConnectOptions

    init() throws {
        var template = Array("/tmp/orca-home-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template)!)
        let folder = Files.split(try #require(ServerProgram.ownPath)).folder
        options = ConnectOptions(environment: ["ORCA_HOME": path, "PATH": "/usr/bin:/bin"])
        options.serverProgram = folder + "/orcad"
    }

    /// `nil` when no server runs.
    func info() -> OrcaV1.ServerInfo? {
        var options = options
        options.startsServer = false
        // Not to be reached means not to run; that is what callers ask.
        return try? HTTPClient(options).call(Operations.getServerInfo, .init()).server
    }

    func server() throws -> OrcaV1.ServerInfo {
        try #require(try HTTPClient(options).call(Operations.getServerInfo, .init()).server)
    }

    deinit {
        if let server = info() {
            kill(server.pid, SIGKILL)
            _ = ServerLock.waitUntilFree(options.places.serverLock, pid: server.pid, until: .after(.seconds(10)))
        }
        try? Files.removeTree(path)  // a directory that stays behind harms nobody
    }
}

@Suite struct DiscoveryTests {
    @Test func twentyClientsAtOnceStartOneServer() throws {
        let home = try Home()
        let options = home.options
        let instances = Mutex<[String]>([])
        let threads = try (0..<20).map { number in
            try ManagedThread("client-\(number)") {
                do throws(APIError) {
                    let answer = try HTTPClient(options).call(Operations.getServerInfo, .init())
                    instances.withLock { $0.append(answer.server?.instance ?? "no server") }
                } catch {
                    instances.withLock { $0.append(error.message) }
                }
            }
        }
        for thread in threads { thread.join() }
        let found = instances.withLock { $0 }
        #expect(found.count == 20)
        #expect(Set(found).count == 1, "\(Set(found))")
        #expect(try home.server().autoStarted)
    }

    @Test func aKilledServerIsStartedAgainWithEverythingItAcknowledged() throws {
        let home = try Home()
        let client = try HTTPClient(home.options)
        _ = try client.call(Operations.createWorkspace, .with { $0.name = "kept" })
        let first = try home.server()
        kill(first.pid, SIGKILL)
        let answer = try client.call(Operations.getWorkspace, .with { $0.workspace = "kept" })
        #expect(answer.workspace?.name == "kept")
        #expect(try home.server().instance != first.instance)
    }

    @Test func anOlderServerMakesRoom() throws {
        let home = try Home()
        let first = try home.server()
        try pretendVersion("0.0.1", home)
        let second = try home.server()
        #expect(second.instance != first.instance)
        #expect(ServerLock.read(home.options.places.serverLock)?.version == ProductVersion.current)
    }

    @Test func aNewerServerIsUsedAsItIs() throws {
        let home = try Home()
        let first = try home.server()
        try pretendVersion("99.0", home)
        #expect(try home.server().instance == first.instance)
    }

    @Test func anOlderServerThatAPersonStartedIsLeftAlone() throws {
        let home = try Home()
        let program = try #require(home.options.serverProgram)
        let command = SubprocessCommand(program, ["serve"], environment: home.options.environment)
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        let process = try ChildProcess.spawn(command, input: null.raw, output: null.raw, error: null.raw)
        defer {
            process.signal(SIGKILL)
            process.reap()
        }
        while home.info() == nil, process.status == nil { poll(nil, 0, 5) }
        let first = try #require(home.info())
        try pretendVersion("0.0.1", home)
        #expect(try home.server().instance == first.instance)
    }

    @Test func saysThatThereIsNoServerProgram() throws {
        let home = try Home()
        home.options.serverProgram = home.path + "/nothing"
        let error = failure { () throws(APIError) in
            try HTTPClient(home.options).call(Operations.getServerInfo, .init())
        }
        #expect(error?.code == "no_server_program" && error?.category == .unavailable)
    }

    @Test func handsOnWhatADyingServerSaid() throws {
        let home = try Home()
        try Files.write(
            "#!/bin/sh\necho 'orcad: the disk is full.' >&2\nexit 1\n", to: home.path + "/dies", mode: 0o755)
        home.options.serverProgram = home.path + "/dies"
        let error = failure { () throws(APIError) in
            try HTTPClient(home.options).call(Operations.getServerInfo, .init())
        }
        #expect(error?.code == "server_not_started")
        #expect(error?.message.contains("It said: orcad: the disk is full. See 'orca logs'") == true)
    }

    @Test func saysWhoHoldsTheLockWithoutListening() throws {
        let home = try Home()
        try PrivateDirectory.make(home.options.places.runDirectory)
        let lock = try FileLock(home.options.places.serverLock)
        try lock.note(#"{"pid":4242,"socket":"/x","version":"0.1.0"}"#)
        home.options.startPatience = .milliseconds(50)
        let error = failure { () throws(APIError) in
            try HTTPClient(home.options).call(Operations.getServerInfo, .init())
        }
        #expect(error?.code == "server_not_started")
        #expect(error?.message.contains("orcad (pid 4242) holds") == true)
        lock.unlock()
    }

    @Test func refusesARunDirectoryThatIsNone() throws {
        let home = try Home()
        try Files.write("", to: home.path + "/run")
        let error = failure { () throws(APIError) in
            try HTTPClient(home.options).call(Operations.getServerInfo, .init())
        }
        #expect(error?.code == "directory_unusable")
        #expect(error?.message.contains("it is not a directory") == true)
    }

    @Test func makesItsDirectoriesPrivate() throws {
        let home = try Home()
        _ = try home.server()
        for path in [home.options.places.runDirectory, home.options.places.stateDirectory] {
            var facts = stat()
            #expect(stat(path, &facts) == 0 && facts.st_mode & 0o777 == 0o700, "\(path)")
        }
    }

    /// Lets the running server look as if it were of another version.
    private func pretendVersion(_ version: String, _ home: Home) throws {
        let path = home.options.places.serverLock
        let text = try Files.readText(path).replacing(
            #""version":"\#(ProductVersion.current)""#, with: #""version":"\#(version)""#)
        // Written in place: the live server holds the lock of this very file.
        let file = try OwnedDescriptor.open(path, O_WRONLY | O_TRUNC)
        try file.write(Array(text.utf8))
    }
}
