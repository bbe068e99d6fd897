import OrcaDomain
import OrcaHTTP
import OrcaPostgres
import OrcaSupport
import OrcaTLS

/// How a server runs: from the configuration file first, then from its arguments.
struct DaemonOptions: Sendable {
    /// Where the state is kept; `memory` keeps it nowhere.
    var database: String
    var socket: String
    /// Numeric address and port; `nil` for no TCP.
    var listen: HTTPServerConfiguration.TCPAddress?
    var certificate = ""
    var key = ""
    var clientAuthorities = ""
    /// What those three come to.
    private(set) var tls: TLSFiles?
    /// Where gRPC is served; nowhere by default.
    var grpc = GRPCAddresses()
    var isInsecureAllowed = false
    /// Terminals get a loopback address, for programs in them that are kept from the socket.
    var hasAgentEndpoint = false
    /// Scripts also run where their process cannot be locked down whole.
    var isDegradedAllowed = false
    var allowedHosts: Set<String> = []
    var allowedOrigins: Set<String> = []
    var logLevel = LogLevel.info
    /// Started by a client: stops by itself when nobody needs it.
    var isAutoStarted = false
    /// Serves one client alone: ends when this descriptor does, and takes its home with it.
    var embeddedDescriptor: Int32?
    /// A descriptor that gets one byte when the server listens.
    var readyDescriptor: Int32?
    var databaseWaitSeconds: Int64 = 30
    var idleStopSeconds: Int64 = 900
    /// How long a lost server of the same database may come back before it is given up.
    var serverGivenUpSeconds = Limits.serverGivenUpMS / 1_000
    /// Where others reach this server, if that is not what it listens on.
    var advertised = ""
    var eventsKept: Int64 = 1_000_000

    static let usage = """
        Usage: orcad serve [options]

        The Orca server. 'orca' starts it by itself when it is needed; run it yourself for a lasting one.

          --listen ADDRESS:PORT   Also serve over TCP. Every request then needs a token ('orca token create').
          --tls-certificate FILE  Speak TLS there: the certificate with its chain, in PEM. It may be renewed in place.
          --tls-key FILE          The certificate's key.
          --tls-client-ca FILE    Only let in clients with a certificate that one of these authorities signed.
          --grpc-address ADDRESS  Also serve gRPC: 'unix' beside the socket, unix:PATH, or ADDRESS:PORT. May be repeated.
          --insecure              Allow --listen on an address that other machines reach, without TLS.
          --agent-endpoint        Also serve agents in sandboxes that keep them from the socket: on a loopback port,
                                  for the tokens of their terminals.
          --allow-host NAME       A name that requests over TCP may give as Host. May be repeated.
          --allow-origin ORIGIN   A web origin that may send requests over TCP. May be repeated.
          --allow-degraded        Run scripts also where the system has no seccomp. What a script then finds in the
                                  engine to get out of it, nothing stops: only for scripts that are trusted.
          --database PATH         Where to keep the state; 'memory' keeps nothing, postgresql://HOST/NAME keeps it in
                                  Postgres, which several servers may share. A password goes into ~/.pgpass.
          --database-wait SECONDS How long to wait at the start for a database that does not answer (30).
          --socket PATH           The unix socket.
          --log-level LEVEL       debug, info, warning or error.
          --advertise URL         Where clients of other servers on the same database reach this one, if not at --listen.
          --server-given-up-after SECONDS
                                  When a server of the same database that is not heard of is given up (3600).
          --events-kept N         How many events of a workspace are kept (1000000).
          --idle-stop SECONDS     With --auto-started: stop after this long without clients and leases (900).
          --auto-started          A client started this server; it may stop when idle.
          --embedded-fd N         Serve one client alone: without terminals, until descriptor N ends. $ORCA_HOME, a
                                  temporary directory of that client, goes with it.
          --ready-fd N            Write one byte to descriptor N when listening.
          --version, --help

        The same settings, without the dashes and with '_', can stand in the configuration file ('orca config path').
        """

    init(places: Places) {
        database = places.database
        socket = places.socket
    }

    mutating func apply(_ name: String, _ value: String) throws(DaemonError) {
        if let complaint = SettingRule.of(name)?.complaint(about: value) { throw DaemonError.usage(complaint) }
        switch name {
        case "listen": listen = try Self.address(value)
        case "grpc_address": try grpc.add(value)
        case "tls_certificate": certificate = value
        case "tls_key": key = value
        case "tls_client_ca": clientAuthorities = value
        case "insecure": isInsecureAllowed = try Self.flag(name, value)
        case "agent_endpoint": hasAgentEndpoint = try Self.flag(name, value)
        case "allow_degraded": isDegradedAllowed = try Self.flag(name, value)
        case "allow_host": allowedHosts.insert(value)
        case "allow_origin": allowedOrigins.insert(value)
        case "database": database = value
        case "database_wait": databaseWaitSeconds = try Self.number(name, value)
        case "socket": socket = value
        case "log_level":
            guard let level = LogLevel(name: value) else {
                throw DaemonError.usage("log_level is '\(value)'; give debug, info, warning or error.")
            }
            logLevel = level
        case "events_kept": eventsKept = try Self.number(name, value)
        case "idle_stop": idleStopSeconds = try Self.number(name, value)
        case "server_given_up_after": serverGivenUpSeconds = try Self.number(name, value)
        case "advertise": advertised = value
        case "auto_started": isAutoStarted = try Self.flag(name, value)
        case "embedded_fd": embeddedDescriptor = Int32(try Self.number(name, value, in: 3...1_023))
        case "ready_fd": readyDescriptor = Int32(try Self.number(name, value, in: 3...1_023))
        default: throw DaemonError.usage("There is no setting '\(name)'. 'orcad --help' lists them.")
        }
    }

    /// Once all settings are known: the TLS of the addresses. Throws when a part of it is missing.
    mutating func settle() throws(DaemonError) {
        guard !certificate.isEmpty || !key.isEmpty || !clientAuthorities.isEmpty else { return }
        guard !certificate.isEmpty, !key.isEmpty else {
            let missing = certificate.isEmpty ? "tls_certificate" : "tls_key"
            throw DaemonError.usage("TLS needs a certificate and its key: \(missing) is missing.")
        }
        tls = TLSFiles(
            certificate: certificate, key: key, clientAuthorities: clientAuthorities.isEmpty ? nil : clientAuthorities)
        listen?.tls = tls
        grpc.tcp?.tls = tls
    }

    /// Where others reach the server, when it listens on this port; empty when nowhere.
    func url(port: UInt16?) -> String {
        guard advertised.isEmpty, let listen, let port else { return advertised }
        let isAnywhere = ["0.0.0.0", "::"].contains(listen.address)
        let host = isAnywhere ? StoreComposition.hostName() : listen.address
        return "\(listen.tls == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    private static let toggles: Set<String> = ["insecure", "agent_endpoint", "allow_degraded", "auto_started"]

    /// Whether the state is in a file of this machine.
    var isDatabaseFile: Bool { database != "memory" && !PostgresAddress.isMeant(by: database) }

    /// Arguments can be read by everybody on the machine.
    static func checkHasNoPassword(_ database: String) throws(DaemonError) {
        guard PostgresAddress.isMeant(by: database) else { return }
        // What is no address is told when it is opened.
        if let address = try? PostgresAddress(database), address.hasPassword {
            throw DaemonError.usage(
                "--database has a password in it, which everybody on this machine could read. Put it into ~/.pgpass, "
                    + "PGPASSWORD or the configuration file.")
        }
    }

    mutating func apply(arguments: [String]) throws(DaemonError) {
        var rest = arguments[...]
        var given: Set<String> = []
        if rest.first == "serve" { rest.removeFirst() }
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else {
                throw DaemonError.usage("'\(word)' is no option of orcad. See 'orcad --help'.")
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0].map { $0 == "-" ? "_" : $0 })
            defer { given.insert(name) }
            if parts.count == 2 {
                try apply(name, String(parts[1]))
            } else if Self.toggles.contains(name) {
                try apply(name, "true")
            } else if let value = rest.popFirst() {
                try apply(name, value)
            } else {
                throw DaemonError.usage("\(word) needs a value. See 'orcad --help'.")
            }
        }
        if given.contains("database") { try Self.checkHasNoPassword(database) }
    }

    /// The file is an object of settings; lists give a setting several times.
    mutating func apply(configuration path: String) throws(DaemonError) {
        guard Files.size(path) != nil else { return }
        let members: [JSONValue.Member]
        do {
            let bytes = try Files.read(path, limit: 1 << 20)
            guard case .object(let found) = try JSONValue(jsonBytes: bytes) else {
                throw DaemonError.usage("The configuration \(path) is no JSON object. Correct or remove it.")
            }
            members = found
        } catch let error as DaemonError {
            throw error
        } catch {
            throw DaemonError.usage("The configuration \(path) cannot be read: \(error). Correct or remove it.")
        }
        for member in members {
            let values: [JSONValue]
            if case .array(let several) = member.value { values = several } else { values = [member.value] }
            for value in values {
                do throws(DaemonError) { try apply(member.name, Self.text(value)) } catch {
                    let next =
                        SettingRule.of(member.name) == nil
                        ? "Take it out." : "'orca config set \(member.name) VALUE' changes it."
                    throw DaemonError.usage("\(error.message) It stands in \(path). \(next)")
                }
            }
        }
    }

    private static func text(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return String(decoding: value.jsonBytes(), as: UTF8.self)
    }

    static func address(_ text: String) throws(DaemonError) -> HTTPServerConfiguration.TCPAddress {
        guard let read = TCPAddressText(text) else {
            throw DaemonError.usage("'\(text)' is no address; write ADDRESS:PORT, for example 127.0.0.1:7717.")
        }
        return HTTPServerConfiguration.TCPAddress(address: read.address, port: read.port)
    }

    /// Of a setting whose bounds stand with its rule.
    private static func number(_ name: String, _ text: String) throws(DaemonError) -> Int64 {
        guard case .number(let range)? = SettingRule.of(name)?.form else {
            preconditionFailure("\(name) is no setting that is a number")
        }
        return try number(name, text, in: range)
    }

    private static func number(
        _ name: String, _ text: String, in range: ClosedRange<Int64>
    ) throws(DaemonError) -> Int64 {
        guard let number = Int64(text), range.contains(number) else {
            throw DaemonError.usage("\(name) is '\(text)'; give \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    private static func flag(_ name: String, _ text: String) throws(DaemonError) -> Bool {
        guard text == "true" || text == "false" else {
            throw DaemonError.usage("\(name) is '\(text)'; give true or false.")
        }
        return text == "true"
    }
}
