import OrcaAPI
import OrcaDomain
import OrcaSupport

/// Waits for something in steps that each fit into one call, over restarts of the server, until the time is up.
struct PatientWait {
    private static let stepMS: Int64 = 50_000
    /// How long to wait before asking a server again that did not answer.
    private static let pauseMS = 250

    private let call: ContractCall
    private let deadline: Int64

    init(_ call: ContractCall, milliseconds: Int64) {
        self.call = call
        deadline = SystemTime.monotonicMilliseconds() + milliseconds
    }

    /// `nil` when the time was up first.
    func until<Answer>(_ step: (_ waitMS: Int32) throws(APIError) -> Answer?) throws(APIError) -> Answer? {
        while true {
            let left = deadline - SystemTime.monotonicMilliseconds()
            do throws(APIError) {
                if let answer = try step(Int32(clamping: max(0, min(left, Self.stepMS)))) { return answer }
            } catch {
                // A server that is being restarted is back in a moment, and forgets nothing.
                guard ContractError.code(of: error) == "runtime_unavailable", left > 0, call.hasBeenHeard else {
                    throw error
                }
                Pause.milliseconds(Self.pauseMS)
                continue
            }
            if left <= 0 { return nil }
        }
    }
}
