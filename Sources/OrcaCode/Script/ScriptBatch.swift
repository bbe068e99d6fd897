import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// The calls of a transaction, or of a whole dry run: every call is tried together with those before it, and all of it is
/// undone; a commit does the same once more, and keeps it if it comes to the same.
actor ScriptBatch {
    /// Every call carries out all before it again.
    static let callsMax = 100

    private let performer: any BatchPerformer
    private let terms: BatchTerms
    private var calls: [BatchCall] = []
    private var answers: [any ProtoMessage] = []
    private var turn: Task<Void, Never>?

    init(_ performer: any BatchPerformer) {
        self.performer = performer
        terms = performer.batchTerms()
    }

    /// One after the other, in the order they are called.
    func perform(_ call: BatchCall) async throws -> any ProtoMessage {
        try await inTurn { [self] in try await attempt(call) }
    }

    func commit() async throws {
        try await inTurn { [self] in try await finish() }
    }

    private func attempt(_ call: BatchCall) async throws -> any ProtoMessage {
        guard calls.count < Self.callsMax else {
            throw ScriptError("limit_exceeded", "A transaction or a dry run can have \(Self.callsMax) calls.")
        }
        let all = calls + [call]
        do {
            let found = try await performer.perform(all, terms, expecting: nil)
            guard let answer = found.last else { throw ScriptError("internal", "A call had no answer.") }
            calls = all
            answers = found
            return answer
        } catch let refusal as BatchRefusal {
            throw refusal.error
        }
    }

    private func finish() async throws {
        guard !calls.isEmpty else { return }
        do {
            _ = try await performer.perform(calls, terms, expecting: answers)
        } catch let refusal as BatchRefusal {
            throw refusal.error
        }
    }

    private func inTurn<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) async throws -> R {
        let before = turn
        let work = Task {
            await before?.value
            return try await body()
        }
        turn = Task { _ = await work.result }
        return try await work.value
    }
}
