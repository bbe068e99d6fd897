import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport

/// Which server a command talks to: a flag, else the environment, else the context in use.
enum ChosenContext {
    static let variable = "ORCA_CONTEXT"
    static let fileBytesMax = 1 << 20

    static func path(_ context: CLIContext) -> String { context.places.configDirectory + "/contexts.json" }

    static func book(_ context: CLIContext) throws(APIError) -> ContextBook {
        let path = path(context)
        guard context.host.size(path) != nil else { return ContextBook() }
        return try ContextBook(json: try context.host.readFile(path, limit: fileBytesMax), path: path)
    }

    /// `nil` when a flag or the environment names a server by its address.
    static func find(_ call: Invocation) throws(APIError) -> ServerContext? {
        if call.text("url") != nil || call.text("socket") != nil { return nil }
        if let name = call.text("server") { return try book(call.context).named(name) }
        if call.context.variable("ORCA_URL") != nil || call.context.variable("ORCA_SOCKET") != nil { return nil }
        if let name = call.context.variable(variable) {
            return name == ServerContext.local.name ? .local : try book(call.context).named(name)
        }
        let book = try book(call.context)
        return try book.named(book.current)
    }

    /// Says which context an address or a token comes from: what was chosen last week is easily forgotten.
    static func explain(_ error: APIError, _ call: Invocation) -> APIError {
        let isAboutTheServer =
            error.category == .unauthenticated
            || ["server_unreachable", "unknown_host", "untrusted_server"].contains(error.code)
        // What cannot be read has been told as an error of its own.
        guard isAboutTheServer, let chosen = try? call.server, chosen != .local else { return error }
        var explained = error
        let file = chosen.tokenFile.map { error.category == .unauthenticated ? ", token in \($0)" : "" } ?? ""
        let isNamed = call.text("server") != nil || call.context.variable(variable) != nil
        let wayBack = isNamed ? "" : " 'orca context use local' goes back to this machine's."
        explained.message += " It is the server of the context '\(chosen.name)'\(file).\(wayBack)"
        return explained
    }
}
