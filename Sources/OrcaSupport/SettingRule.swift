import Glibc

/// What the value of a setting of the server looks like. The server refuses to start with any other, and who writes one into the
/// configuration is told at once.
package struct SettingRule: Sendable, Hashable {
    package enum Form: Sendable, Hashable {
        /// `ADDRESS:PORT`.
        case address
        /// The same, or `unix`, or `unix:PATH`.
        case grpcAddress
        case path
        /// A path, `memory`, or the address of a Postgres.
        case database
        case toggle
        case number(ClosedRange<Int64>)
        case logLevel
        case hostName
        case origin
        /// Where others reach the server.
        case url
    }

    package var name: String
    package var form: Form
    /// Whether it may be given several times.
    package var repeats = false

    /// Those that may stand in the configuration file; `orcad --help` describes each.
    package static let all: [SettingRule] = [
        .init(name: "listen", form: .address),
        .init(name: "grpc_address", form: .grpcAddress, repeats: true),
        .init(name: "tls_certificate", form: .path),
        .init(name: "tls_key", form: .path),
        .init(name: "tls_client_ca", form: .path),
        .init(name: "insecure", form: .toggle),
        .init(name: "agent_endpoint", form: .toggle),
        .init(name: "allow_degraded", form: .toggle),
        .init(name: "allow_host", form: .hostName, repeats: true),
        .init(name: "allow_origin", form: .origin, repeats: true),
        .init(name: "database", form: .database),
        .init(name: "database_wait", form: .number(0...86_400)),
        .init(name: "socket", form: .path),
        .init(name: "log_level", form: .logLevel),
        .init(name: "events_kept", form: .number(1_000...1_000_000_000)),
        .init(name: "idle_stop", form: .number(1...31_536_000)),
        .init(name: "advertise", form: .url),
        .init(name: "server_given_up_after", form: .number(60...2_592_000)),
    ]

    package static func of(_ name: String) -> SettingRule? { all.first { $0.name == name } }

    /// What is wrong with a value and what to write instead; `nil` when nothing is.
    package func complaint(about value: String) -> String? {
        guard !value.isEmpty else { return "\(name) is empty; give \(expectation)." }
        return isMet(by: value) ? nil : "\(name) is '\(value)'; give \(expectation)."
    }

    private var expectation: String {
        switch form {
        case .address: "ADDRESS:PORT, for example 127.0.0.1:7717"
        case .grpcAddress: "'unix', unix:PATH or ADDRESS:PORT, for example 127.0.0.1:7718"
        case .path: "a path"
        case .database: "a path, 'memory' or postgresql://HOST/NAME"
        case .toggle: "true or false"
        case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .logLevel: "debug, info, notice, warning or error"
        case .hostName: "a name without scheme and port, for example orca.example.com"
        case .url: "a URL, for example https://orca.example.com"
        case .origin: "a scheme and a host, for example https://board.example.com"
        }
    }

    private static let urlBytesMax = 1_024

    private func isMet(by value: String) -> Bool {
        switch form {
        case .address: TCPAddressText(value)?.isNumeric == true
        case .grpcAddress:
            value == "unix" || value.hasPrefix("unix:") || TCPAddressText(value)?.isNumeric == true
        case .path: true
        case .database:
            !value.contains("://") || value.hasPrefix("postgres://") || value.hasPrefix("postgresql://")
        case .toggle: value == "true" || value == "false"
        case .number(let range): Int64(value).map(range.contains) ?? false
        case .logLevel: LogLevel(name: value) != nil
        // An address of version 6 may stand in brackets.
        case .hostName: !value.contains("/") && (value.hasPrefix("[") || !value.contains(":"))
        case .url:
            (value.hasPrefix("http://") || value.hasPrefix("https://")) && value.utf8.count <= Self.urlBytesMax
        case .origin: value.hasPrefix("http://") || value.hasPrefix("https://")
        }
    }
}

/// `ADDRESS:PORT`, as settings and flags write it; `[::1]:80` for addresses with colons. Without an address it is loopback.
package struct TCPAddressText: Sendable, Hashable {
    package var address: String
    package var port: UInt16

    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
        address = host.isEmpty ? "127.0.0.1" : String(host)
        self.port = port
    }

    /// Whether the address is one of version 4 or 6; names cannot be listened on.
    package var isNumeric: Bool {
        var room = in6_addr()
        return inet_pton(AF_INET, address, &room) == 1 || inet_pton(AF_INET6, address, &room) == 1
    }
}
