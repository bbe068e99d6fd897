package import OrcaAPI
import OrcaDomain
import OrcaEngine
package import OrcaProtobuf
import OrcaStore

extension Runtime: BatchPerformer {
    package func batchTerms() -> BatchTerms {
        var random = SystemRandomNumberGenerator()
        return BatchTerms(seed: random.next(), atMS: clock.now.milliseconds)
    }

    package func takesInBatch(_ operation: APIOperation) -> Bool { handler(of: operation)?.inBatch != nil }

    package func perform(
        _ calls: [BatchCall], _ terms: BatchTerms, expecting expected: [any ProtoMessage]?
    ) async throws -> [any ProtoMessage] {
        var steps: [Step] = []
        for (position, call) in calls.enumerated() {
            do { steps.append(try await step(call)) } catch { throw BatchRefusal(position, APIError(anything: error)) }
        }
        let work = steps
        let wanted = expected?.map { $0.wireBytes() }
        do {
            return try await store.write { tx in
                let answers = try Self.carryOut(work, terms, in: tx)
                guard let wanted else { throw Rehearsed(answers: answers) }
                for (position, answer) in answers.enumerated() where answer.wireBytes() != wanted[position] {
                    throw BatchRefusal(position, Self.conflict)
                }
                return answers
            }
        } catch let rehearsed as Rehearsed {
            return rehearsed.answers
        }
    }

    private struct Step: Sendable {
        let body: Handler.InBatch
        let request: any ProtoMessage
        let invocation: Invocation
    }

    /// Thrown to undo what was only tried.
    private struct Rehearsed: Error {
        let answers: [any ProtoMessage]
    }

    private static let conflict = APIError(
        "version_conflict", .conflict,
        "Somebody else has changed what this transaction is about, so nothing of it was done. Run it again.")

    private func step(_ call: BatchCall) async throws -> Step {
        guard let handler = handler(of: call.operation), let body = handler.inBatch else {
            throw DomainError(
                .invalidArgument,
                "\(call.operation.name) reaches beyond the store and cannot be part of a transaction or a dry run.")
        }
        let invocation = try await admit(call.operation, handler.need, call.context)
        return Step(body: body, request: call.request, invocation: invocation)
    }

    private static func carryOut(
        _ steps: [Step], _ terms: BatchTerms, in tx: any StoreTransaction
    ) throws -> [any ProtoMessage] {
        let chance = Chance(seed: terms.seed)
        var answers: [any ProtoMessage] = []
        for (position, step) in steps.enumerated() {
            let call = step.invocation
            let context = CommandContext(
                now: Timestamp(milliseconds: terms.atMS), actor: call.actor, operation: call.operation.name,
                requestID: call.call.requestID, idempotencyKey: call.call.idempotencyKey ?? "", chance: chance,
                node: call.runtime.node)
            do {
                answers.append(try step.body(step.request, tx, call, context))
            } catch {
                throw BatchRefusal(position, APIError(anything: error))
            }
        }
        return answers
    }
}
