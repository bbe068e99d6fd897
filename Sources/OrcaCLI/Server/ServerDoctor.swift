import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport

/// `orca doctor`
enum ServerDoctor {
    static var command: Command {
        Command(
            "doctor", "Check the installation, the server and its store.", section: .server,
            flags: [.toggle("fix", "Repair in the store what can be repaired.")],
            discussion: "The exit code is 1 when there is a problem; warnings do not count.", run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var checks = [program(call), path(call), git(call)]
        checks += directories(call)
        checks.append(configuration(call))
        checks += server(call)
        checks += DoctorTerminals.checks(call) + DoctorAgents.checks(call) + DoctorSandbox.checks(call)
        if call.isJSON {
            let items = checks.map { check in
                JSONValue.object([
                    .init("name", .string(check.name)), .init("verdict", .string(check.verdict.rawValue)),
                    .init("detail", .string(check.detail)), .init("next", .string(check.next)),
                ])
            }
            call.context.out.write(bytes: JSONValue.object([.init("checks", .array(items))]).jsonBytes() + [0x0A])
        } else {
            for check in checks { call.context.out.write(line(check, call.style)) }
        }
        if checks.contains(where: { $0.verdict == .problem }) { call.exitCode = 1 }
    }

    private static func line(_ check: DoctorCheck, _ style: Style) -> String {
        let mark: String
        switch check.verdict {
        case .ok: mark = style.green("ok      ")
        case .warning: mark = style.yellow("warning ")
        case .problem: mark = style.red("problem ")
        }
        let next = check.next.isEmpty ? "" : "\n          \(style.dim("→")) \(check.next)"
        return "\(mark)  \(check.name): \(TextWidth.inert(check.detail))\(next)\n"
    }

    // MARK: This machine

    private static func program(_ call: Invocation) -> DoctorCheck {
        do throws(APIError) {
            let program = try ServerProgram.find(try call.connectOptions)
            return DoctorCheck(
                name: "programs", verdict: .ok, detail: "orca \(ProductVersion.current), server \(program)")
        } catch {
            return DoctorCheck(
                name: "programs", verdict: .problem, detail: error.message,
                next: error.category == .invalidArgument ? "" : "install orcad beside orca")
        }
    }

    /// Another program of this name (the GNOME screen reader is one) that a shell would find first.
    private static func path(_ call: Invocation) -> DoctorCheck {
        let own = ServerProgram.ownPath
        for folder in (call.context.environment["PATH"] ?? "").split(separator: ":") {
            let candidate = String(folder) + "/orca"
            guard access(candidate, X_OK) == 0, !Files.isDirectory(candidate) else { continue }
            // A file that cannot be resolved is not this program.
            let isOwn = (try? Paths.resolved(candidate)) == own
            return isOwn
                ? DoctorCheck(name: "PATH", verdict: .ok, detail: "'orca' is \(candidate)")
                : DoctorCheck(
                    name: "PATH", verdict: .warning, detail: "'orca' is \(candidate), another program",
                    next:
                        "put \(own.map { Files.split($0).folder } ?? "this program's directory") before \(folder) in PATH"
                )
        }
        return DoctorCheck(
            name: "PATH", verdict: .warning, detail: "no 'orca' in PATH", next: "add this program's directory to PATH")
    }

    private static func git(_ call: Invocation) -> DoctorCheck {
        do throws(APIError) {
            let result = try call.context.host.run(["git", "--version"], directory: "/", input: [])
            return DoctorCheck(
                name: "git", verdict: .ok, detail: String(decoding: result.output, as: UTF8.self).trimmed)
        } catch {
            return DoctorCheck(
                name: "git", verdict: .warning, detail: "git cannot be run", next: "install git; workers need it")
        }
    }

    private static func directories(_ call: Invocation) -> [DoctorCheck] {
        let places = call.context.places
        return [
            ("run directory", places.runDirectory), ("state directory", places.stateDirectory),
            ("data directory", places.dataDirectory),
        ]
        .map { name, path in
            var facts = stat()
            guard stat(path, &facts) == 0 else { return missing(name, path) }
            let isPrivate = facts.st_mode & 0o077 == 0
            if facts.st_uid != getuid() {
                return DoctorCheck(
                    name: name, verdict: .problem, detail: "\(path) belongs to user \(facts.st_uid)",
                    next: "set ORCA_HOME to a directory of yours")
            }
            if access(path, W_OK) != 0 {
                return DoctorCheck(
                    name: name, verdict: .problem, detail: "\(path) is not writable", next: "chmod u+w \(path)")
            }
            if !isPrivate, path == places.runDirectory {
                return DoctorCheck(
                    name: name, verdict: .warning, detail: "\(path) is open to others", next: "chmod 700 \(path)")
            }
            // Room that cannot be told is not a finding.
            guard let free = try? Files.freeSpace(path) else {
                return DoctorCheck(name: name, verdict: .ok, detail: path)
            }
            let isTight = free < freeBytesMin
            return DoctorCheck(
                name: name, verdict: isTight ? .warning : .ok,
                detail: "\(path), \(ServerUsage.size(Int64(clamping: free))) free",
                next: isTight ? "make room: nothing more can be stored when it is full" : "")
        }
    }

    /// Below this a directory counts as nearly full.
    private static let freeBytesMin = 64 << 20

    /// A directory that is made when it is wanted, if that is possible.
    private static func missing(_ name: String, _ path: String) -> DoctorCheck {
        var parent = Files.split(path).folder
        var facts = stat()
        while parent.count > 1, stat(parent, &facts) != 0 { parent = Files.split(parent).folder }
        guard access(parent, W_OK) == 0 else {
            return DoctorCheck(
                name: name, verdict: .problem, detail: "\(path) is not there, and \(parent) is not writable",
                next: "make it writable for you, or set ORCA_HOME to a directory of yours")
        }
        return DoctorCheck(name: name, verdict: .ok, detail: "\(path) is not there yet")
    }

    private static func configuration(_ call: Invocation) -> DoctorCheck {
        let path = call.context.places.config
        let complaints: [String]
        do throws(APIError) { complaints = try ConfigCommands.complaints(call) } catch { complaints = [error.message] }
        guard complaints.isEmpty else {
            return DoctorCheck(
                name: "configuration", verdict: .problem, detail: complaints.joined(separator: " "),
                next: "orca config set KEY VALUE, or edit \(path)")
        }
        let isThere = call.context.host.size(path) != nil
        return DoctorCheck(
            name: "configuration", verdict: .ok, detail: isThere ? path : "\(path) is not there; not needed")
    }

    // MARK: The server

    private static func server(_ call: Invocation) -> [DoctorCheck] {
        do throws(APIError) {
            guard let server = try ServerStatus.info(call) else { return [absent(call)] }
            var checks = [
                DoctorCheck(name: "server", verdict: .ok, detail: "orcad \(server.version), pid \(server.pid)")
            ]
            if server.version != ProductVersion.current {
                checks[0].verdict = .warning
                checks[0].next = "orca restart"
            }
            checks += elsewhere(server, call)
            if !server.grpcAddress.isEmpty {
                checks.append(DoctorCheck(name: "grpc", verdict: .ok, detail: "served on \(server.grpcAddress)"))
            }
            guard server.storeProblem.isEmpty else {
                return checks + [
                    DoctorCheck(
                        name: "store", verdict: .problem, detail: "\(server.store): \(server.storeProblem)",
                        next: "see that the database is up; 'orca config get database' says which it is")
                ]
            }
            var request = OrcaV1.CheckStoreRequest()
            request.fix = call.isOn("fix")
            let client = try call.context.connectWithoutStarting(try call.connectOptions)
            let findings = try client.call(Operations.checkStore, request, idempotencyKey: nil).findings
            return checks + findings.map { finding($0) }
        } catch {
            return [
                DoctorCheck(
                    name: "server", verdict: .problem, detail: error.message,
                    next: error.category == .invalidArgument ? "" : "orca logs")
            ]
        }
    }

    /// Without `$XDG_RUNTIME_DIR` and `$ORCA_HOME` the socket depends on the user alone: a server that was started with another
    /// `$HOME` answers, too.
    private static func elsewhere(_ server: OrcaV1.ServerInfo, _ call: Invocation) -> [DoctorCheck] {
        let prefix = "sqlite:"
        // What is configured and what was started by hand may be anywhere. A configuration that cannot be read has a check of
        // its own.
        guard server.autoStarted, server.store.hasPrefix(prefix), (try? call.connectOptions.endpoint) == .local,
            (try? ConfigCommands.isSet("database", call)) == false
        else { return [] }
        let (there, here) = (String(server.store.dropFirst(prefix.count)), call.context.places.database)
        guard there != here else { return [] }
        return [
            DoctorCheck(
                name: "home", verdict: .warning,
                detail:
                    "the server keeps its state in \(there), which is not \(here): somebody started it with another HOME",
                next: "'orca restart' starts it with this one; ORCA_HOME gives every home a server of its own")
        ]
    }

    private static func absent(_ call: Invocation) -> DoctorCheck {
        let places = call.context.places
        if ServerLock.isHeld(places.serverLock), let lock = ServerLock.read(places.serverLock) {
            return DoctorCheck(
                name: "server", verdict: .problem,
                detail: "orcad (pid \(lock.pid)) lives but does not listen on \(places.socket)",
                next: "orca logs; kill \(lock.pid)")
        }
        if let words = lastWords(call) {
            return DoctorCheck(
                name: "server", verdict: .warning, detail: "not running; the last start failed: \(words)",
                next: "the next command tries again; 'orca logs' has what it says")
        }
        return DoctorCheck(name: "server", verdict: .ok, detail: "not running; the next command starts it")
    }

    /// What is not in the store, so that '--fix' does not help.
    private static let advice = [
        "servers": "orca server list",
        "clocks": "timedatectl set-ntp true, or your own way to keep time, on those machines",
    ]

    private static let lastWordsBytesMax = 4_096

    /// What a server said that ended before it listened; `nil` when the last one listened: those write lines of JSON.
    private static func lastWords(_ call: Invocation) -> String? {
        let path = call.context.places.log
        // Without a log that can be read there is nothing to tell; 'orca logs' says why.
        guard let size = call.context.host.size(path),
            let bytes = try? call.context.host.readFile(
                path, from: max(0, size - lastWordsBytesMax), limit: lastWordsBytesMax),
            let last = bytes.split(separator: 0x0A).last
        else { return nil }
        let line = String(decoding: last, as: UTF8.self)
        return line.hasPrefix("orcad: ") ? String(line.dropFirst("orcad: ".count)) : nil
    }

    private static func finding(_ finding: OrcaV1.StoreFinding) -> DoctorCheck {
        if finding.fixed {
            return DoctorCheck(name: "store: \(finding.check)", verdict: .ok, detail: "repaired: \(finding.detail)")
        }
        if !finding.ok, let next = advice[finding.check] {
            return DoctorCheck(
                name: "store: \(finding.check)", verdict: .warning, detail: finding.detail, next: next)
        }
        return DoctorCheck(
            name: "store: \(finding.check)", verdict: finding.ok ? .ok : .problem,
            detail: finding.detail.isEmpty ? "fine" : finding.detail,
            next: finding.ok ? "" : "orca doctor --fix")
    }
}
