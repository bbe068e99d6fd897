import CLinux
import Glibc
package import OrcaPostgres
import OrcaSQL
import OrcaSupport
import Synchronization

/// A Postgres of our own: the programs of Debian's package, on a unix socket in a folder under /tmp, gone with this
/// process however that ends. When it cannot be had, tests fail and say what is missing.
package final class PostgresCluster: Sendable {
    package struct Missing: Error, CustomStringConvertible {
        package let description: String
    }

    /// One for all tests of a process that do not break it. What it holds survives nothing, so it waits for no disk.
    package static func shared() throws -> PostgresCluster {
        try common.withLock { common in
            if let found = common { return found }
            let made = try PostgresCluster(isDurable: false)
            common = made
            return made
        }
    }

    private static let common: Mutex<PostgresCluster?> = Mutex(nil)
    private static let template = "orca_template"
    private static let startSeconds: Int64 = 60

    package let folder: String
    private let isDurable: Bool
    private let guardian: Mutex<Guardian?> = Mutex(nil)
    private let databases = Mutex<(count: Int, hasTemplate: Bool)>((0, false))

    /// Makes a cluster and starts it.
    package init(isDurable: Bool = true) throws {
        self.isDurable = isDurable
        SignalPipe.ignoreBrokenPipes()
        Self.removeOrphans()
        var template = Array("/tmp/orca-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Missing(description: "/tmp cannot be written") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if let user = Self.user { chown(folder, user.id, user.group) }
        // Its own language sorts otherwise than bytes do: what must be in byte order has to say so.
        try Self.run(
            "initdb",
            [
                "-D", folder + "/data", "-U", "orca", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                "--locale-provider=icu", "--icu-locale=en-US", "--no-sync", "--no-instructions",
            ])
        try start()
    }

    deinit {
        stop()
        // Nothing depends on what cannot be removed; the next cluster tries again.
        try? Files.removeTree(folder)
    }

    /// What a test left that was killed while its server was down.
    private static func removeOrphans() {
        let names = (try? Files.list("/tmp")) ?? []  // without a list there is nothing to remove
        for name in names where name.hasPrefix("orca-pg-") {
            let path = "/tmp/" + name
            guard Files.kind(path + "/data/postmaster.pid") == nil, let age = Files.age(path), age > .seconds(3_600)
            else { continue }
            try? Files.removeTree(path)  // another test may be doing the same
        }
    }

    /// The address of a fresh database, with Orca's schema or empty.
    package func database(isMigrated: Bool = true) throws -> PostgresAddress {
        try databases.withLock { databases in
            if isMigrated, !databases.hasTemplate {
                try execute("CREATE DATABASE \(Self.template) TEMPLATE template0")
                try PostgresSchema.migrate(address(Self.template), PostgresLimits(), now: 0)
                databases.hasTemplate = true
            }
            databases.count += 1
            let name = "test_\(databases.count)"
            try execute("CREATE DATABASE \(name) TEMPLATE \(isMigrated ? Self.template : "template0")")
            return try address(name)
        }
    }

    package func address(_ database: String) throws -> PostgresAddress { try PostgresAddress(uri(database)) }

    package func uri(_ database: String) -> String { "postgresql:///\(database)?host=\(folder)&user=orca" }

    /// Runs a statement that stands for itself, as the cluster's owner.
    package func execute(_ script: String, in database: String = "postgres") throws {
        try PostgresConnection(try address(database), .tool, PostgresLimits()).run(script: script)
    }

    // MARK: Life

    /// Starts the server again after `crash` or `stop`.
    package func start() throws {
        let program = try Self.programs() + "/postgres"
        let arguments =
            Self.asUser([
                program, "-D", folder + "/data", "-k", folder, "-c", "listen_addresses=", "-c", "max_connections=150",
                "-c", "shared_buffers=32MB", "-c", "max_wal_size=256MB", "-c", "logging_collector=off",
            ])
            + (isDurable ? [] : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"])
        let deadline = Deadline.after(.seconds(Self.startSeconds))
        while true {
            let guardian = try Guardian(arguments, folder: folder)
            if waits(for: guardian, until: deadline) {
                return self.guardian.withLock { $0 = guardian }
            }
            guardian.leave()
            guard !deadline.hasPassed else {
                // Without its log there is nothing to say.
                let log = (try? Files.readText(folder + "/log", limit: 1 << 16)) ?? ""
                throw Missing(description: "Postgres did not start in \(Self.startSeconds) s:\n\(log)")
            }
        }
    }

    private func waits(for guardian: Guardian, until deadline: Deadline) -> Bool {
        while !deadline.hasPassed {
            // A server that starts refuses for a while.
            if (try? execute("SELECT 1")) != nil { return true }
            // The shell stays for as long as Postgres does.
            if guardian.hasServerEnded(within: .milliseconds(25)) { return false }
        }
        return false
    }

    /// Kills the server and all that belongs to it, at once.
    package func crash() {
        let pid = processID
        if pid > 0 { kill(pid, SIGKILL) }
        abandon()
    }

    /// Has the server end as if it had crashed, but with all its processes gone when this returns.
    package func stop() {
        let pid = processID
        if pid > 0 { kill(pid, SIGQUIT) }
        abandon()
    }

    private func abandon() {
        let guardian = guardian.withLock { guardian in
            defer { guardian = nil }
            return guardian
        }
        guardian?.waitForServer()
        guardian?.leave()
    }

    /// Of the server's first process; 0 when there is none.
    package var processID: Int32 {
        // A server that is not there has no such file.
        let text = (try? Files.readText(folder + "/data/postmaster.pid", limit: 4_096)) ?? ""
        return text.split(separator: "\n").first.flatMap { Int32($0) } ?? 0
    }

    // MARK: Programs

    /// The newest of those that are installed.
    static func programs() throws -> String {
        let root = "/usr/lib/postgresql"
        // No folder means no packages.
        let versions = ((try? Files.list(root)) ?? []).compactMap { Int($0) }.sorted()
        guard let newest = versions.last else {
            throw Missing(description: "there is no Postgres in \(root). Install it with 'scripts/setup'.")
        }
        return "\(root)/\(newest)/bin"
    }

    /// Who runs the server when we are root, which it refuses: the user of Debian's package.
    private static let user: (id: uid_t, group: gid_t)? = {
        guard geteuid() == 0, let entry = getpwnam("postgres") else { return nil }
        return (entry.pointee.pw_uid, entry.pointee.pw_gid)
    }()

    private static func asUser(_ arguments: [String]) -> [String] {
        guard let user else { return arguments }
        return ["setpriv", "--reuid=\(user.id)", "--regid=\(user.group)", "--clear-groups"] + arguments
    }

    private static func run(_ name: String, _ arguments: [String]) throws {
        if geteuid() == 0, user == nil {
            throw Missing(description: "Postgres refuses root, and there is no user 'postgres' to run it.")
        }
        let words = asUser([try programs() + "/" + name] + arguments)
        let result = try Subprocess.run(
            SubprocessCommand(words[0], Array(words.dropFirst()), directory: "/"), timeout: .seconds(startSeconds))
        guard result.status == .exited(code: 0) else {
            throw Missing(description: "\(name) failed: \(result.errorText)")
        }
    }
}

/// A shell that has Postgres as its child, and beside it one that ends Postgres when we are gone: our end of their input
/// closes with us.
private final class Guardian: Sendable {
    private let shell: ChildProcess
    private let input: OwnedDescriptor

    private static let script = """
        folder=$1; shift
        exec 3<&0
        "$@" >>"$folder/log" 2>&1 </dev/null 3<&- &
        server=$!
        (
            read -r word <&3
            [ "$word" = keep ] && exit 0
            while grep -q "$folder" "/proc/$server/cmdline"; do kill -QUIT $server; sleep 0.05; done
            rm -rf "$folder"
        ) 2>/dev/null &
        exec 3<&-
        wait $server
        """

    init(_ arguments: [String], folder: String) throws {
        var ends: [Int32] = [0, 0]
        guard orca_pipe_in(&ends) == 0 else { throw SystemError.last("make a pipe", folder) }
        let (theirs, ours) = (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
        let null = OwnedDescriptor(orca_open("/dev/null", O_RDWR, 0))
        shell = try ChildProcess.spawn(
            SubprocessCommand("sh", ["-c", Self.script, "sh", folder] + arguments, directory: "/"),
            input: theirs.raw, output: null.raw, error: null.raw)
        input = ours
    }

    func hasServerEnded(within time: Duration) -> Bool { shell.waitForExit(until: .after(time)) }

    func waitForServer() { _ = shell.waitForExit() }

    /// Gives the server up, which has ended, and keeps its folder.
    func leave() {
        try? input.write(Array("keep\n".utf8))  // nobody is there to be told
        shell.signal(SIGKILL)
        shell.reap()
    }
}
