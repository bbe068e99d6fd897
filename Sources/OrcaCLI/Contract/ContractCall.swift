import OrcaAPI
import OrcaConnect
import OrcaProtobuf
import OrcaSupport

/// A command of the contract on its way: its values by the contract's rules, and the server.
final class ContractCall {
    let base: Invocation
    /// The `id` of the envelope; a changing request can be sent again under it.
    let requestID: String
    /// Whether the server has answered anything, were it a refusal.
    private(set) var hasBeenHeard = false
    private var knownRuntimeID: String?
    private var patientClient: (any OrcaClient)?

    init(_ base: Invocation) {
        self.base = base
        let given =
            base.parsed.command.changesSomething
            ? base.text(ContractGrammar.retryRequest.name) ?? base.idempotencyKey : nil
        requestID =
            given
            ?? UUIDText.ordered(
                milliseconds: base.context.now(), .random(in: 0...UInt64.max), .random(in: 0...UInt64.max))
    }

    // MARK: Values

    /// The value of a flag; an empty one counts as missing.
    func text(_ name: String) -> String? { base.text(name).flatMap { $0.isEmpty ? nil : $0 } }

    func required(_ name: String) throws(APIError) -> String {
        guard let value = text(name) else { throw .invalid("Missing required --\(name)") }
        return value
    }

    func isOn(_ name: String) -> Bool { base.isOn(name) }

    /// Comma-separated words, without blanks around them.
    func words(_ name: String) -> [String] {
        (text(name) ?? "").split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    /// A whole number greater than zero. A flag without a value counts as missing.
    func positiveInteger(_ name: String) throws(APIError) -> Int64? {
        guard let text = text(name) else { return nil }
        guard let number = Int64(text), number > 0 else { throw .invalid("Invalid positive integer for --\(name)") }
        return number
    }

    /// The same, but a flag without a value is a mistake.
    func strictPositiveInteger(_ name: String) throws(APIError) -> Int64? {
        if base.parsed.values.bare.contains(name) { throw .invalid("Missing value for --\(name).") }
        return try positiveInteger(name)
    }

    var workspace: String { base.workspace }

    // MARK: The server

    func call<Request: ProtoMessage, Response: ProtoMessage>(
        _ operation: TypedOperation<Request, Response>, _ request: Request
    ) throws(APIError) -> Response {
        try call(operation, request, on: base.client())
    }

    /// The server as it is: not started when it is not there.
    func clientWithoutStarting(timeoutMS: Int) throws(APIError) -> any OrcaClient {
        var options = try base.connectOptions
        options.timeoutMS = options.timeoutMS ?? timeoutMS
        return try base.context.connectWithoutStarting(options)
    }

    /// A call that may take longer than others: the server waits for something to happen, up to a minute.
    func callPatiently<Request: ProtoMessage, Response: ProtoMessage>(
        _ operation: TypedOperation<Request, Response>, _ request: Request
    ) throws(APIError) -> Response {
        if let patientClient { return try call(operation, request, on: patientClient) }
        var options = try base.connectOptions
        options.timeoutMS = options.timeoutMS ?? Self.patienceMS
        let client = try base.context.connect(options)
        patientClient = client
        return try call(operation, request, on: client)
    }

    /// A call whose work takes longer than others: `milliseconds` at most.
    func callPatiently<Request: ProtoMessage, Response: ProtoMessage>(
        _ operation: TypedOperation<Request, Response>, _ request: Request, atMost milliseconds: Int64
    ) throws(APIError) -> Response {
        var options = try base.connectOptions
        options.timeoutMS = options.timeoutMS ?? Int(clamping: milliseconds)
        return try call(operation, request, on: base.context.connect(options))
    }

    /// Milliseconds a waiting call may take: the longest wait, and some for the way.
    private static let patienceMS = 70_000

    private func call<Request: ProtoMessage, Response: ProtoMessage>(
        _ operation: TypedOperation<Request, Response>, _ request: Request, on client: any OrcaClient
    ) throws(APIError) -> Response {
        do throws(APIError) {
            let key = operation.erased.isRead ? nil : requestID
            let response = try client.call(operation, request, idempotencyKey: key)
            hasBeenHeard = true
            return response
        } catch {
            if !ContractError.isLocal(error) { hasBeenHeard = true }
            throw error
        }
    }

    /// Names the run of the server that answered; `nil` when it cannot be asked.
    func runtimeID() -> String? {
        if let knownRuntimeID { return knownRuntimeID }
        do throws(APIError) {
            let info = try base.client().call(Operations.getServerInfo, OrcaV1.GetServerInfoRequest())
            knownRuntimeID = info.server?.instance
        } catch {
            // The answer itself is there; that its sender has gone since is no reason to withhold it.
            return nil
        }
        return knownRuntimeID
    }
}
