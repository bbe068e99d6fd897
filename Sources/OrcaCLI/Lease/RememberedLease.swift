import OrcaAPI
import OrcaSupport

/// What `orca claim` remembers, so that the same user can finish the task without repeating the token.
struct RememberedLease: Equatable {
    var workspace: String
    var task: String
    var ref: String
    var agent: String
    var token: Int64

    private static let fileBytesMax = 16 << 10

    /// Mode 0600 in a directory of mode 0700.
    func save(_ context: CLIContext) throws(APIError) {
        let value = JSONValue.object([
            .init("workspace", .string(workspace)), .init("task", .string(task)), .init("ref", .string(ref)),
            .init("agent", .string(agent)), .init("token", .integer(token)),
        ])
        try context.host.writePrivateFile(path(context), value.jsonBytes())
    }

    func forget(_ context: CLIContext) { context.host.removeFile(path(context)) }

    private func path(_ context: CLIContext) -> String {
        "\(context.places.leaseDirectory)/\(Self.fileSafe(workspace)).\(Self.fileSafe(task)).json"
    }

    /// All that are remembered for a workspace.
    static func all(_ workspace: String, _ context: CLIContext) -> [RememberedLease] {
        let directory = context.places.leaseDirectory
        return context.host.list(directory).filter { $0.hasPrefix(fileSafe(workspace) + ".") && $0.hasSuffix(".json") }
            .compactMap { read("\(directory)/\($0)", context) }
    }

    private static func read(_ path: String, _ context: CLIContext) -> RememberedLease? {
        // A file that cannot be read remembers nothing; --token is the way then, and the error says so.
        guard let bytes = try? context.host.readFile(path, limit: fileBytesMax),
            let value = try? JSONValue(jsonBytes: bytes), let token = value["token"]?.integerValue
        else { return nil }
        func text(_ name: String) -> String { value[name]?.stringValue ?? "" }
        return RememberedLease(
            workspace: text("workspace"), task: text("task"), ref: text("ref"), agent: text("agent"), token: token)
    }

    private static func fileSafe(_ text: String) -> String {
        String(
            text.unicodeScalars.map {
                $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-" || $0 == "_")
                    ? Character($0) : "_"
            })
    }
}
