import OrcaAPI
import OrcaSupport

/// What a command of the contract answers; how it is printed is decided in one place.
struct ContractAnswer {
    /// The `result` of the envelope.
    var result: JSONValue
    /// Without `--json`: the answer for people, without the last line end; nothing is printed when it is empty.
    var text: String
    var exitCode: Int32 = 0
    /// Remarks for standard error, without `--json`.
    var notes: [String] = []
    /// With `--json`: only the result, on one line, without the envelope.
    var isBare = false
    /// Overrides the id of the envelope.
    var id: String?
    /// Further members of the envelope.
    var extras: [JSONValue.Member] = []
    /// The server's id when it is known already; it is asked for when this is `nil`.
    var runtimeID: String?
    /// Done after every byte has been handed over, and not when nobody takes them.
    var afterDelivery: (() throws(APIError) -> Void)?

    init(_ result: JSONValue, _ text: String, exitCode: Int32 = 0) {
        self.result = result
        self.text = text
        self.exitCode = exitCode
    }
}
