/// The directories and files Orca keeps, for clients and the server alike.
///
/// `ORCA_HOME` puts all of them below one directory (`run`, `state`, `data`, `config`); otherwise the XDG base
/// directories hold.
package struct Places: Sendable, Hashable {
    /// Sockets and locks; mode 0700, gone after a reboot.
    package let runDirectory: String
    /// Logs and remembered leases.
    package let stateDirectory: String
    /// The database.
    package let dataDirectory: String
    package let configDirectory: String

    /// Relative values of XDG variables are ignored, as the base directory specification asks.
    package init(environment: [String: String], userID: UInt32) {
        func directory(_ name: String) -> String? {
            guard let value = environment[name], value.hasPrefix("/") else { return nil }
            return value.count > 1 && value.hasSuffix("/") ? String(value.dropLast()) : value
        }
        if let home = environment["ORCA_HOME"], !home.isEmpty {
            runDirectory = home + "/run"
            stateDirectory = home + "/state"
            dataDirectory = home + "/data"
            configDirectory = home + "/config"
            return
        }
        let home = directory("HOME") ?? "/tmp/orca-\(userID)"
        runDirectory = directory("XDG_RUNTIME_DIR").map { $0 + "/orca" } ?? "/tmp/orca-\(userID)"
        stateDirectory = (directory("XDG_STATE_HOME") ?? home + "/.local/state") + "/orca"
        dataDirectory = (directory("XDG_DATA_HOME") ?? home + "/.local/share") + "/orca"
        configDirectory = (directory("XDG_CONFIG_HOME") ?? home + "/.config") + "/orca"
    }

    package var socket: String { runDirectory + "/orca.sock" }
    /// Held exclusively by the live server; says who it is.
    package var serverLock: String { runDirectory + "/orcad.lock" }
    /// Held by the client that starts the server.
    package var startLock: String { runDirectory + "/start.lock" }
    package var log: String { stateDirectory + "/orcad.log" }
    package var leaseDirectory: String { stateDirectory + "/leases" }
    package var database: String { dataDirectory + "/orca.db" }
    package var config: String { configDirectory + "/config.json" }
}
