import OrcaAPI
import OrcaDomain

/// Which task a lifecycle verb is about, and the token that entitles to it.
struct HeldTask {
    var task: String
    var token: Int64
    private var remembered: RememberedLease?

    static let argument = Argument(
        "task", .entity(.task), "Ref or id; $ORCA_TASK_ID or the one you claimed when left out.", optional: true)
    static let tokenFlag = Flag.value(
        "token", .integer(1...Int64.max), "N",
        "The lease's token; else $ORCA_LEASE_TOKEN_FILE, else what `orca claim` remembered.")

    /// The task of the argument, of `$ORCA_TASK_ID`, or the only one remembered; its token of the flag, of the file in
    /// `$ORCA_LEASE_TOKEN_FILE`, or remembered.
    static func resolve(_ call: Invocation) throws(APIError) -> HeldTask {
        let remembered = RememberedLease.all(call.workspace, call.context)
        let named = call.text("task") ?? call.context.variable("ORCA_TASK_ID")
        if let named {
            let lease = remembered.first { $0.task == named || $0.ref.lowercased() == named.lowercased() }
            if let token = try givenToken(call) ?? lease?.token {
                return HeldTask(task: named, token: token, remembered: lease)
            }
            throw APIError(
                "no_token", .invalidArgument,
                "There is no token for \(named): you did not claim it here, or are done with it ('orca show \(named)' tells). Claim it with 'orca claim \(named) --agent NAME', or give --token."
            )
        }
        if remembered.count == 1 {
            return HeldTask(
                task: remembered[0].ref, token: try givenToken(call) ?? remembered[0].token, remembered: remembered[0])
        }
        let which =
            remembered.isEmpty
            ? "You have claimed no task here." : "You have claimed \(remembered.map(\.ref).joined(separator: ", "))."
        throw .usage("Which task? \(which) Name it: '\(call.parsed.title) TASK'.")
    }

    /// Forgets the token once the attempt is over.
    func forget(_ call: Invocation) { remembered?.forget(call.context) }

    private static func givenToken(_ call: Invocation) throws(APIError) -> Int64? {
        if let token = call.integer("token") { return token }
        guard let path = call.context.variable("ORCA_LEASE_TOKEN_FILE") else { return nil }
        let bytes = try call.context.host.readFile(path, limit: 4096)
        let text = String(decoding: bytes, as: UTF8.self).trimmed
        guard let token = Int64(text) else {
            throw APIError(
                "bad_token_file", .invalidArgument,
                "\(path) ($ORCA_LEASE_TOKEN_FILE) holds no token. Give --token instead.")
        }
        return token
    }
}
