import OrcaAPI
import OrcaSupport

/// Prints answers and failures in the shape of the contract: one object on standard output with `--json`, text
/// otherwise.
enum ContractReport {
    /// The id of a failure that the server knows nothing of.
    static let localID = "local"

    static func write(_ answer: ContractAnswer, _ call: ContractCall) {
        let out = call.base.context.out
        if !call.base.isJSON {
            if !answer.text.isEmpty { out.write(TextWidth.inertLines(answer.text) + "\n") }
            for note in answer.notes { call.base.note(note) }
        } else if answer.isBare {
            out.write(bytes: answer.result.jsonBytes() + [0x0A])
        } else {
            let runtimeID = answer.runtimeID ?? call.runtimeID() ?? ""
            let envelope: JSONValue = [
                "id": .string(answer.id ?? call.requestID), "ok": true, "result": answer.result,
            ]
            guard case .object(let members) = envelope else { return }
            let meta = JSONValue.Member("_meta", ["runtimeId": .text(runtimeID)])
            out.write(JSONValue.object(members + answer.extras + [meta]).prettyText)
        }
        out.flush()
        guard let afterDelivery = answer.afterDelivery else { return }
        do throws(APIError) {
            try afterDelivery()
        } catch {
            // The answer is out and stays the only one.
            call.base.note(error.message)
        }
    }

    /// Returns the exit code.
    static func write(
        _ error: APIError, id: String, runtimeID: String?, asJSON: Bool, _ context: CLIContext
    ) -> Int32 {
        if asJSON {
            let envelope: JSONValue = [
                "id": .string(id), "ok": false, "error": ContractError.json(error),
                "_meta": ["runtimeId": .text(runtimeID)],
            ]
            context.out.write(envelope.prettyText)
        } else {
            context.out.flush()
            context.err.write(TextWidth.inertLines(ContractError.text(error)))
        }
        return 1
    }
}
