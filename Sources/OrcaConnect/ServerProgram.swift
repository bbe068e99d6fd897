import Glibc
package import OrcaAPI
import OrcaDomain
import OrcaSupport

/// Where `orcad` is.
package enum ServerProgram {
    /// The program asked for, else the one beside this program, else the first in `PATH`.
    package static func find(_ options: ConnectOptions) throws(APIError) -> String {
        if let program = options.serverProgram {
            guard isProgram(program) else {
                throw APIError(
                    "no_server_program", .unavailable,
                    "\(program) ($ORCA_SERVER_PROGRAM) cannot be executed. Unset it or correct it.")
            }
            return program
        }
        var places: [String] = []
        if let own = ownPath { places.append(Files.split(own).folder) }
        places += (options.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for place in places where isProgram(place + "/orcad") { return place + "/orcad" }
        throw APIError(
            "no_server_program", .unavailable,
            "There is no server running, and no orcad beside orca or in PATH to start. Install it, or point $ORCA_URL to a server."
        )
    }

    /// The real path of the running program.
    package static var ownPath: String? {
        // Fails only where /proc is not mounted; PATH is searched then.
        try? Paths.resolved("/proc/self/exe")
    }

    private static func isProgram(_ path: String) -> Bool {
        access(path, X_OK) == 0 && !Files.isDirectory(path)
    }
}
