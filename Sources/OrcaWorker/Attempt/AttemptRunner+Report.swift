import OrcaAPI
import OrcaDomain
import OrcaGit
import OrcaSupport

extension AttemptRunner {
    /// Bytes of result and error that are sent; the transcript has the rest.
    static let resultBytesMax = 16 << 10
    static let errorBytesMax = 8 << 10
    /// How long a worker that was told to stop tries to give its task back.
    static let releaseTimeout = Duration.seconds(5)

    /// Tells the server how the attempt ended. While it is away the telling is repeated; a stop ends that.
    func report(_ ending: Ending, _ keeper: LeaseKeeper?) -> AttemptOutcome {
        do throws(APIError) {
            switch ending {
            case .succeeded(let checks): return try complete(checks)
            case .failed(let error, let checks): return try fail(error, checks)
            case .stopped: return try release("the worker was stopped")
            case .faulty: return try release("the worker could not work: \(fault?.message ?? "")")
            case .lost: return .lost(reason: keeper?.loss?.message ?? "the lease was lost")
            }
        } catch {
            return .lost(reason: error.message)
        }
    }

    private func complete(_ checks: [OrcaV1.ContractCheck]) throws(APIError) -> AttemptOutcome {
        var request = OrcaV1.CompleteTaskRequest()
        request.workspace = options.workspace
        request.task = claim.task.id
        request.token = claim.token
        request.result = result
        request.branch = checkout?.branch ?? ""
        request.commit = commit?.text ?? ""
        request.artifacts = artifacts
        request.checks = checks
        request.transcript = transcript.path
        do throws(APIError) {
            _ = try context.client.call(
                Operations.completeTask, request, key: "complete-\(claim.attempt.id)", giveUp: context.stop)
            return .completed
        } catch {
            // A lost lease cannot be failed either; anything else is a reason to try the task again.
            if error.code == ErrorCode.leaseLost.rawValue || error.isTransient { throw error }
            return try fail("the completion was refused: \(error.message)", checks)
        }
    }

    private func fail(_ error: String, _ checks: [OrcaV1.ContractCheck]) throws(APIError) -> AttemptOutcome {
        var request = OrcaV1.FailTaskRequest()
        request.workspace = options.workspace
        request.task = claim.task.id
        request.token = claim.token
        request.error = Self.cut(error, to: Self.errorBytesMax)
        let hasWork = commit != nil && commit != checkout?.start
        request.branch = hasWork ? checkout?.branch ?? "" : ""
        request.commit = hasWork ? commit?.text ?? "" : ""
        request.checks = checks
        request.transcript = transcript.path
        let answer = try context.client.call(
            Operations.failTask, request, key: "fail-\(claim.attempt.id)", giveUp: context.stop)
        return .failed(error: error, isFinal: answer.task?.status == .failed)
    }

    private func release(_ reason: String) throws(APIError) -> AttemptOutcome {
        var request = OrcaV1.ReleaseTaskRequest()
        request.workspace = options.workspace
        request.task = claim.task.id
        request.token = claim.token
        request.reason = Self.cut(reason, to: Limits.reasonBytesMax)
        _ = try context.client.call(
            Operations.releaseTask, request, key: "release-\(claim.attempt.id)", until: .after(Self.releaseTimeout))
        return .released
    }

    /// What the command said its result is, or its last words.
    private var result: String {
        // The file is optional, and so is its being readable.
        let said = (try? Files.readText(place.resultFile, limit: 1 << 20)) ?? ""
        let text = said.isEmpty ? transcript.lastWords(limit: 2000) : said
        return Self.cut(text, to: Self.resultBytesMax)
    }

    private var artifacts: [String] {
        // Optional, as above.
        let text = (try? Files.readText(place.artifactsFile, limit: 1 << 20)) ?? ""
        return Array(text.split(separator: "\n").map(String.init).prefix(Limits.artifactsMax))
    }

    static func cut(_ text: String, to limit: Int) -> String {
        text.utf8.count <= limit ? text : String(decoding: text.utf8.prefix(limit - 4), as: UTF8.self) + "…"
    }
}
