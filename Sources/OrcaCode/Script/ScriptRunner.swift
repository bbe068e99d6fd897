package import OrcaAPI
import OrcaSupport

/// A script somebody wants to be run.
package struct ScriptOrder: Sendable {
    package var code: String
    package var caller: Caller
    package var workspace: String
    package var timeoutMS: Int64 = ScriptLimits.timeoutMSMax
    /// Every call of the script gets `<key>:<number>`, so that running it again repeats nothing.
    package var idempotencyKey: String?
    package var requestID = ""
    /// Try everything together, and undo it.
    package var isDryRun = false
    /// What the user answered, in the order of the script's questions; `nil` where no user can be asked.
    package var answers: [ScriptAnswer]?
    /// Told how many calls have ended; on the script's thread.
    package var onProgress: (@Sendable (Int) -> Void)?

    package init(code: String, caller: Caller, workspace: String) {
        self.code = code
        self.caller = caller
        self.workspace = workspace
    }
}

/// Runs scripts: each in a process of its own, with the authority of whoever sent it and no more.
package struct ScriptRunner: Sendable {
    let performer: any BatchPerformer
    let pool: SandboxPool
    let book: MethodBook

    package init(performer: any BatchPerformer, pool: SandboxPool, book: MethodBook = .standard) {
        self.performer = performer
        self.pool = pool
        self.book = book
    }

    /// Never throws: what goes wrong is in the report. A canceled task ends its script.
    package func run(_ order: ScriptOrder) async -> ScriptReport {
        let code = ScriptText.unfenced(order.code)
        guard order.code.utf8.count <= ScriptLimits.codeBytesMax else {
            return .failed(
                ScriptError(
                    "limit_exceeded",
                    "A script may have \(ScriptLimits.codeBytesMax) bytes, not \(order.code.utf8.count)."))
        }
        guard code.contains(where: { !$0.isWhitespace }) else {
            return .failed(ScriptError("invalid_argument", "There is no code to run."))
        }
        let began = ContinuousClock.now
        var order = order
        order.code = code
        order.timeoutMS = min(max(1, order.timeoutMS), ScriptLimits.timeoutMSMax)
        let wanted = order
        let stop = StopSignal()
        var report = await withTaskCancellationHandler {
            await start(wanted, stop)
        } onCancel: {
            stop.raise()
        }
        report.milliseconds = began.duration(to: .now).milliseconds
        report.error?.complete(from: code)
        return report
    }

    private func start(_ order: ScriptOrder, _ stop: StopSignal) async -> ScriptReport {
        await withCheckedContinuation { continuation in
            do {
                // It ends with its body; nobody has to join it.
                _ = try ManagedThread("orca-script") {
                    continuation.resume(returning: ScriptSession(order, runner: self, stop: stop).run())
                }
            } catch {
                continuation.resume(
                    returning: .failed(ScriptError("overloaded", "No thread for the script: \(error). Try again.")))
            }
        }
    }
}

extension ScriptReport {
    static func failed(_ error: ScriptError) -> ScriptReport {
        var report = ScriptReport()
        report.error = error
        return report
    }
}

extension ScriptError {
    /// Shows the author's own line.
    fileprivate mutating func complete(from code: String) {
        guard line > 0, snippet.isEmpty else { return }
        let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
        if line <= lines.count { snippet = String(lines[line - 1].prefix(200)) }
    }
}

/// The text of a script as models send it.
enum ScriptText {
    /// Without the fence of a Markdown block around all of it.
    static func unfenced(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.firstIndex(where: { !isBlank($0) }), lines[first].hasPrefix("```"),
            let last = lines.lastIndex(where: { !isBlank($0) }), last > first, lines[last].hasPrefix("```")
        else { return text }
        return lines[(first + 1)..<last].joined(separator: "\n")
    }

    private static func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }
}
