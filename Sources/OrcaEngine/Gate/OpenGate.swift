package import OrcaDomain
package import OrcaStore

/// Asks for a decision and blocks the task until it is made; a live attempt ends as `gated`.
package enum OpenGate: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var question: String
        package var options: [String] = []
        package var audience = Gate.Audience.coordinator
        /// `nil` waits for ever.
        package var timeoutMS: Int64?
        /// What is taken when the time is up.
        package var fallback = ""
        package var run: RunID?
        package var message: MessageID?

        package init(task: WorkTask, question: String) {
            self.task = task
            self.question = question
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Gate {
        try check(input)
        var gate = Gate(
            id: context.newShortID(), task: input.task, question: input.question, createdBy: context.actor.name,
            at: context.now)
        gate.options = input.options
        gate.audience = input.audience
        gate.fallback = input.fallback
        gate.timeoutAt = input.timeoutMS.map { context.now.adding(milliseconds: $0) }
        gate.run = try input.run ?? tx.runs.run(of: input.task.id)
        gate.message = input.message
        _ = try GateKeeper(Ledger(tx, context)).open(gate, on: input.task)
        return gate
    }

    private static func check(_ input: Input) throws {
        guard input.question.contains(where: { !$0.isWhitespace }) else {
            throw DomainError(.invalidArgument, "A gate needs a question.", details: ["field": "question"])
        }
        try Names.checkLength(input.question, max: Limits.questionBytesMax, field: "question")
        try Names.checkCount(input.options.count, max: Limits.optionsMax, field: "options")
        for option in input.options { try Names.checkLength(option, max: Limits.textBytesMax, field: "options") }
        try Names.checkLength(input.fallback, max: Limits.textBytesMax, field: "default")
        guard Set(input.options).count == input.options.count, !input.options.contains("") else {
            throw DomainError(
                .invalidArgument, "The options of a gate must differ and not be empty.", details: ["field": "options"])
        }
        if let timeout = input.timeoutMS {
            guard (1...Limits.gateTimeoutMaxMS).contains(timeout) else {
                throw DomainError(
                    .invalidArgument,
                    "A gate can wait 1 to \(Limits.gateTimeoutMaxMS) ms (30 days), not \(timeout).",
                    details: ["field": "timeout_ms"])
            }
            guard !input.fallback.isEmpty else {
                throw DomainError(
                    .invalidArgument, "A gate that times out needs a default to take then. Give one with --default.",
                    details: ["field": "default"])
            }
        } else if !input.fallback.isEmpty {
            throw DomainError(
                .invalidArgument, "A default is taken when the time is up; say when with --timeout-ms.",
                details: ["field": "timeout_ms"])
        }
        if !input.fallback.isEmpty, !input.options.isEmpty, !input.options.contains(input.fallback) {
            throw DomainError(
                .invalidArgument,
                "The default '\(input.fallback.prefix(60))' is none of the options \(input.options.joined(separator: ", ")).",
                details: ["field": "default"])
        }
    }
}
