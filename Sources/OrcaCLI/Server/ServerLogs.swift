import OrcaAPI
import OrcaDomain
import OrcaSupport

/// `orca logs`
enum ServerLogs {
    /// Bytes looked at for the last lines.
    private static let tailBytesMax = 4 << 20
    private static let followPauseMS = 200

    static var command: Command {
        Command(
            "logs", "Show what the local server logged.", section: .server,
            flags: [
                .value("lines", short: "n", .integer(1...100_000), "N", "At most this many lines; 100."),
                .toggle("follow", short: "f", "Go on with what is logged from now on."),
            ], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let path = call.context.places.log
        guard let size = call.context.host.size(path) else {
            throw APIError(
                "no_log", .notFound,
                "There is no log at \(path): no server has run here yet. Start one with 'orca serve'.")
        }
        let start = max(0, size - tailBytesMax)
        let bytes = try call.context.host.readFile(path, from: start, limit: tailBytesMax)
        let lines = bytes.split(separator: 0x0A).suffix(Int(call.integer("lines") ?? 100))
        for line in lines { call.context.out.write(bytes: Array(line) + [0x0A]) }
        call.context.out.flush()
        if call.isOn("follow") { try follow(call, path, from: start + bytes.count) }
    }

    private static func follow(_ call: Invocation, _ path: String, from start: Int) throws(APIError) {
        var offset = start
        while true {
            Pause.milliseconds(followPauseMS)
            let size = call.context.host.size(path) ?? 0
            // Shorter than before: the log was rotated and begins anew.
            if size < offset { offset = 0 }
            guard size > offset else { continue }
            let bytes = try call.context.host.readFile(path, from: offset, limit: tailBytesMax)
            offset += bytes.count
            call.context.out.write(bytes: bytes)
            call.context.out.flush()
        }
    }
}
