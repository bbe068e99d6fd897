import CLinux
import Glibc
import OrcaAPI
import OrcaDomain
import OrcaSupport
import Synchronization

/// A server that only one client knows: it opens a database, and ends when the client does, however that ends.
final class EmbeddedServer: Sendable {
    /// Where to connect to, once it has started.
    let options: ConnectOptions
    private let database: String
    private let home: String
    /// The client's end of a pipe; the server ends when the last copy of it closes.
    private let lifeline = Mutex<OwnedDescriptor?>(nil)

    /// Does nothing yet.
    init(_ options: ConnectOptions, database: String) {
        home = Self.homePrefix + String(UInt64.random(in: .min ... .max), radix: 36)
        var environment = options.environment
        environment["ORCA_HOME"] = home
        var inside = options
        inside.environment = environment
        inside.places = Places(environment: environment, userID: getuid())
        inside.endpoint = .socket(inside.places.socket)
        self.options = inside
        self.database = database
    }

    /// What the server removes when it ends begins like this.
    private static let homePrefix = "/tmp/orca-embedded-"

    /// Returns when it listens; does nothing when it was started before.
    func start() throws(APIError) {
        let started: Result<Void, APIError> = lifeline.withLock { lifeline in
            guard lifeline == nil else { return .success(()) }
            do throws(APIError) {
                lifeline = try launch()
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try started.get()
    }

    private func launch() throws(APIError) -> OwnedDescriptor {
        guard mkdir(home, 0o700) == 0 else {
            throw APIError(
                "server_not_started", .unavailable,
                "\(home) cannot be made: \(SystemError.last("").reason). Free some space below /tmp.")
        }
        var ends: [Int32] = [-1, -1]
        guard orca_pipe(&ends) == 0 else {
            throw APIError(
                "server_not_started", .unavailable, "No pipe: \(SystemError.last("").reason). Try again.")
        }
        let theirs = OwnedDescriptor(ends[0])
        let ours = OwnedDescriptor(ends[1])
        var starter = ServerStarter(options: options)
        starter.arguments = ["--database", database, "--embedded-fd", "4"]
        starter.descriptors = [theirs.raw]
        try starter.start { false }
        withExtendedLifetime(theirs) {}
        return ours
    }
}
