import OrcaAPI

/// `orca du`
enum ServerUsage {
    static var command: Command {
        Command("du", "Show what takes room in the store.", section: .server, run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let response = try call.call(Operations.getUsage, OrcaV1.GetUsageRequest())
        call.answer(response) {
            var table = Table([.fixed("KIND"), .number("ROWS"), .number("SIZE")])
            for item in response.usage {
                table.add([.init(item.kind, .strong), .init(String(item.rows)), .init(size(item.bytes))])
            }
            return call.text(table) + "on disk: \(size(response.storeBytes))\n"
        }
    }

    /// `1.2 MiB`
    static func size(_ bytes: Int64) -> String {
        var value = Double(bytes)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if value < 1024 || unit == "GiB" {
                let tenths = Int64((value * 10).rounded())
                return unit == "B" ? "\(bytes) B" : "\(tenths / 10).\(tenths % 10) \(unit)"
            }
            value /= 1024
        }
        return "\(bytes) B"
    }
}
