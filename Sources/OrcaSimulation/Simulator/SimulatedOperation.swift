import OrcaDomain
import OrcaEngine
import OrcaStore

/// What a simulated client asks the server for. A request can arrive late, twice, or never.
struct SimulatedRequest {
    enum Operation: Hashable {
        case create(title: String, project: String, waitsFor: [String], delayMS: Int64, attemptsMax: Int)
        case claimBest(agent: String, ttlMS: Int64)
        case claim(ref: String, agent: String, ttlMS: Int64)
        case renew(ref: String, token: Int64)
        case progress(ref: String, token: Int64, percent: Int)
        case complete(ref: String, token: Int64)
        case fail(ref: String, token: Int64)
        case release(ref: String, token: Int64)
        case accept(ref: String, token: Int64)
        case cancel(ref: String)
        case retry(ref: String)
        case override(ref: String, to: TaskStatus)
        case addDependency(ref: String, on: String, policy: Dependency.Policy)
        case removeDependency(ref: String, on: String)
        case openGate(ref: String, timeoutMS: Int64)
        /// The first open one of the task.
        case resolveGate(ref: String)
        case drain(agent: String, isDraining: Bool)
        case send(from: String, to: String, subject: String, thread: String)
        case take(recipient: String, delivery: String)
        case mark(recipient: String, delivery: String, messages: [String])

        var name: String { String("\(self)".prefix { $0 != "(" }) }

        var isMail: Bool {
            switch self {
            case .send, .take, .mark: true
            default: false
            }
        }

        /// The token it presents, for writes that carry one.
        var token: Int64? {
            switch self {
            case .renew(_, let token), .progress(_, let token, _), .complete(_, let token), .fail(_, let token),
                .release(_, let token), .accept(_, let token):
                token
            case .create, .claimBest, .claim, .cancel, .retry, .override, .addDependency, .removeDependency, .openGate,
                .resolveGate, .drain, .send, .take, .mark:
                nil
            }
        }
    }

    var key: String
    var operation: Operation
    /// The simulated agent that waits for the answer, if one does.
    var agent: Int?
    /// The simulated reader that waits for the answer, if one does.
    var reader: Int?
    var sentAt: Timestamp
}

/// What came back.
enum SimulatedAnswer: Equatable {
    case done(task: String, token: Int64)
    /// Ids of the mail that was handed out or marked.
    case mail([String])
    case nothing
    case refused(ErrorCode)
}
