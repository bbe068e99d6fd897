import CGRPC
import Glibc
package import OrcaAPI
import OrcaDomain
import OrcaSupport
import Synchronization

private let logTarget = Mutex<(@Sendable (RPCLibrary.Severity, String) -> Void)?>(nil)

/// The gRPC library, loaded when somebody wants it and never before: it brings fifty others along.
package struct RPCLibrary: Sendable {
    // Constant for the life of the process: the library is never unloaded.
    nonisolated(unsafe) let table: UnsafePointer<rpc_table>

    package static let fileName = "liborca-grpc.so"

    /// Loads it from beside this program, or from where `make install` puts it. Throws when it, or what it needs, is not there.
    package static func load() throws(APIError) -> RPCLibrary {
        let program: String
        do {
            program = try Paths.resolved("/proc/self/exe")
        } catch {
            throw missing("This program cannot find itself: \(error.reason).")
        }
        let folder = Files.split(program).folder
        let paths = [folder + "/" + fileName, folder + "/../lib/orca/" + fileName]
        guard let path = paths.first(where: { Files.kind($0) != nil }) else {
            throw missing("\(fileName) is neither in \(folder) nor in ../lib/orca of it.")
        }
        return try load(path)
    }

    package static func load(_ path: String) throws(APIError) -> RPCLibrary {
        var reason = [CChar](repeating: 0, count: 512)
        guard let table = rpc_load(path, &reason, reason.count) else {
            let end = reason.firstIndex(of: 0) ?? 0
            throw missing(
                "\(path) cannot be loaded: \(String(decoding: reason[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self))."
            )
        }
        return RPCLibrary(table: table)
    }

    package enum Severity: Sendable, Hashable {
        case note
        case error
    }

    /// Where the library's own complaints go, for the whole process.
    package func setLog(_ target: @escaping @Sendable (Severity, String) -> Void) {
        logTarget.withLock { $0 = target }
        rpc_set_log(table) { severity, text in
            guard let text, let target = logTarget.withLock({ $0 }) else { return }
            target(severity >= 2 ? .error : .note, String(cString: text))
        }
    }

    private static func missing(_ what: String) -> APIError {
        APIError(
            "grpc_unavailable", .unavailable,
            "\(what) Install the package libgrpc++1.51 and a complete Orca, or do without grpc_address.")
    }
}
