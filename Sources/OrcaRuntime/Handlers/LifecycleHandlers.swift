import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addLifecycle() {
        writeOrRefuse(Operations.completeTask, need: .attempt) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            var outcome = WorkOutcome()
            outcome.result = request.result
            outcome.branch = request.branch
            outcome.commit = request.commit
            outcome.artifacts = request.artifacts
            outcome.checks = try request.checks.map { try $0.check() }
            outcome.transcript = request.transcript
            let input = CompleteTask.Input(task: task, token: request.token, outcome: outcome)
            switch try CompleteTask.run(input, in: tx, context) {
            case .keptLate(let refusal):
                return .refuse(refusal)
            case .counted(let done, let attempt):
                return try .answer(
                    .with {
                        $0.task = try TaskMapping(tx).message(done)
                        $0.attempt = OrcaV1.Attempt(attempt)
                    })
            }
        }
        write(Operations.failTask, need: .attempt) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            var outcome = WorkOutcome()
            outcome.branch = request.branch
            outcome.commit = request.commit
            outcome.checks = try request.checks.map { try $0.check() }
            outcome.transcript = request.transcript
            let input = FailTask.Input(task: task, token: request.token, error: request.error, outcome: outcome)
            let (changed, attempt) = try FailTask.run(input, in: tx, context)
            return try .with {
                $0.task = try TaskMapping(tx).message(changed)
                $0.attempt = OrcaV1.Attempt(attempt)
            }
        }
        write(Operations.releaseTask, need: .attempt) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            let input = ReleaseTask.Input(task: task, token: request.token, reason: request.reason)
            let (changed, attempt) = try ReleaseTask.run(input, in: tx, context)
            return try .with {
                $0.task = try TaskMapping(tx).message(changed)
                $0.attempt = OrcaV1.Attempt(attempt)
            }
        }
        write(Operations.reportProgress, need: .attempt) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            let input = ReportProgress.Input(
                task: task, token: request.token, message: request.message, percent: Int(request.percent))
            let (attempt, lease) = try ReportProgress.run(input, in: tx, context)
            return .with {
                $0.attempt = OrcaV1.Attempt(attempt)
                $0.lease = OrcaV1.Lease(lease)
            }
        }
        addDecisions()
    }

    private mutating func addDecisions() {
        write(Operations.cancelTask) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            let changed = try CancelTask.run(.init(task: task, reason: request.reason), in: tx, context)
            return try .with { $0.task = try TaskMapping(tx).message(changed) }
        }
        write(Operations.retryTask) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            let changed = try RetryTask.run(task, in: tx, context)
            return try .with { $0.task = try TaskMapping(tx).message(changed) }
        }
        write(Operations.overrideTask) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            guard let status: TaskStatus = try Words.optional(request.status, field: "status") else {
                throw DomainError(
                    .invalidArgument, "Say which status the task shall have: --status STATUS.",
                    details: ["field": "status"])
            }
            let input = OverrideTask.Input(
                task: task, status: status, reason: request.reason, result: request.result)
            let changed = try OverrideTask.run(input, in: tx, context)
            return try .with { $0.task = try TaskMapping(tx).message(changed) }
        }
    }
}
