import OrcaAPI
import OrcaProtobuf
import OrcaSupport
import Synchronization

/// One script in one process, followed by one thread. Everything that comes from the process is hostile: it is parsed
/// within limits, believed in nothing, and ended when it breaks the protocol.
final class ScriptSession: @unchecked Sendable {  // the thread of `run` alone touches what is mutable but the inbox
    let order: ScriptOrder
    let runner: ScriptRunner
    /// Raised when nobody waits for the report any more.
    private let stop: StopSignal
    private let inbox = Mutex<[Answer]>([])
    private let wake = Wakeup()
    var report = ScriptReport()
    /// Questions that have their answer.
    var asked = 0
    private var logBytes = 0
    /// Requests that are no calls: for help, for sleep, for transactions. They have the bounds of calls.
    private var asides = 0
    private var isErased = false
    private var openLists: Set<Int> = []
    var open: [Int: Task<Void, Never>] = [:]
    /// The open transaction, or the whole dry run, and how many calls there were before it.
    var batch: (calls: ScriptBatch, after: Int)?

    struct Answer: Sendable {
        let id: Int
        let number: Int
        let result: Result<JSONValue, ScriptError>
        let milliseconds: Int64
        /// The calls after that many were undone.
        var undoneAfter: Int?
    }

    enum End: Error {
        case report
        case question(ScriptReport.Question)
        case failure(ScriptError)
    }

    init(_ order: ScriptOrder, runner: ScriptRunner, stop: StopSignal) {
        self.order = order
        self.runner = runner
        self.stop = stop
    }

    func run() -> ScriptReport {
        let process: SandboxProcess
        do { process = try runner.pool.take() } catch { return .failed(error) }
        report.lockdown = process.lockdown
        report.isDryRun = order.isDryRun
        if order.isDryRun { batch = (ScriptBatch(runner.performer), 0) }
        do throws(End) {
            try follow(process, until: .after(.milliseconds(order.timeoutMS)))
        } catch {
            switch error {
            case .report: break
            case .question(let question): report.question = question
            case .failure(let failure): report.error = failure
            }
        }
        process.child.kill()
        for task in open.values { task.cancel() }
        undo()
        return report
    }

    // MARK: The loop

    private func follow(_ process: SandboxProcess, until deadline: Deadline) throws(End) {
        var lines = LineReader()
        try send(process, Self.order(order.code), deadline)
        while true {
            let descriptors = [wake.descriptor, process.child.outputDescriptor, stop.descriptor]
            let ready = Poll.readable(descriptors, until: min(deadline, .after(ScriptLimits.lookEvery)))
            try look(process, deadline)
            if ready.contains(0) { try answer(process, deadline) }
            guard ready.contains(1) else { continue }
            guard let bytes = Self.read(process) else { continue }
            if bytes.isEmpty { throw .failure(Self.reason(process.child.kill())) }
            let whole: [[UInt8]]
            do { whole = try lines.take(bytes) } catch {
                throw .failure(
                    ScriptError(
                        "output_limit", "The script writes too much.", hint: "Filter inside the script, and log less."))
            }
            for line in whole {
                // One piece can hold thousands of lines.
                if deadline.hasPassed { try look(process, deadline) }
                try handle(line, process, deadline)
            }
        }
    }

    /// Empty at the end, which an error of the pipe is too; `nil` when there is nothing now.
    private static func read(_ process: SandboxProcess) -> [UInt8]? {
        do { return try process.child.read() } catch { return [] }
    }

    private func look(_ process: SandboxProcess, _ deadline: Deadline) throws(End) {
        if stop.isRaised { throw .failure(ScriptError("canceled", "Whoever sent the script is gone; it was stopped.")) }
        if deadline.hasPassed {
            throw .failure(
                ScriptError(
                    "time_limit", "The script did not end within \(order.timeoutMS) ms and was stopped.",
                    hint: open.isEmpty
                        ? "Look for a loop that never ends."
                        : "It waited for \(open.count) call\(open.count == 1 ? "" : "s"); do less in one script."))
        }
        if let used = process.memoryBytes, used > ScriptLimits.memoryBytesMax {
            throw .failure(Self.memoryLimit)
        }
    }

    private static let memoryLimit = ScriptError(
        "memory_limit", "The script used more than \(ScriptLimits.memoryBytesMax >> 20) MiB and was stopped.",
        hint: "Keep less at once: filter page by page.")

    /// Why a process ended that should not have.
    private static func reason(_ status: ExitStatus) -> ScriptError {
        switch status {
        case .signaled(24): ScriptError("time_limit", "The script used up its processor time and was stopped.")
        case .signaled(31):
            // Running out of memory looks like this too: the engine then tries what it may not.
            ScriptError("killed", "The script tried something that is not allowed, and was stopped (\(status)).")
        case .signaled(4), .signaled(5), .signaled(6), .signaled(9), .signaled(11): memoryLimit
        case .exited, .signaled: ScriptError("sandbox_died", "The sandbox ended unexpectedly (\(status)).")
        }
    }

    private func send(_ process: SandboxProcess, _ line: JSONValue, _ deadline: Deadline) throws(End) {
        guard process.child.write(line.jsonBytes() + [0x0A], until: deadline) else {
            try look(process, deadline)
            throw .failure(Self.reason(process.child.kill()))
        }
    }

    // MARK: What the script's side says

    private func handle(_ line: [UInt8], _ process: SandboxProcess, _ deadline: Deadline) throws(End) {
        // Whoever can write anything else is not the bootstrap any more.
        guard let told = try? JSONValue(jsonBytes: line), let type = told["type"]?.stringValue else {
            throw .failure(ScriptError("sandbox_died", "The sandbox broke its protocol and was stopped."))
        }
        switch type {
        case "log": log(told)
        case "call": try call(told)
        case "done":
            if let text = told["text"]?.stringValue {
                report.cutValue = text
                report.isTruncated = true
            } else {
                report.value = told["value"] ?? .null
            }
            throw .report
        case "failed":
            let isStart = told["isStart"] == .bool(true)
            if isStart, try runWithoutTypes(process, deadline) { return }
            throw .failure(Self.failure(told["error"] ?? .null, isStart: isStart))
        default: throw .failure(ScriptError("sandbox_died", "The sandbox broke its protocol and was stopped."))
        }
    }

    private static func order(_ code: String) -> JSONValue {
        .object([.init("type", "run"), .init("code", .string(code))])
    }

    /// What is no JavaScript may be TypeScript. Nothing of it has run yet, so the same process can be asked again, once;
    /// one that says otherwise gains nothing by it.
    private func runWithoutTypes(_ process: SandboxProcess, _ deadline: Deadline) throws(End) -> Bool {
        guard !isErased, report.calls.isEmpty, open.isEmpty else { return false }
        isErased = true
        switch TypeEraser.erase(order.code, until: deadline) {
        case .outOfTime:
            try look(process, deadline)
            return false
        case .refused(let refusal): throw .failure(ScriptError(refusal))
        case .erased(let code):
            guard code != order.code else { return false }
            try send(process, Self.order(code), deadline)
            return true
        }
    }

    private func log(_ told: JSONValue) {
        let text = told["text"]?.stringValue ?? ""
        logBytes += text.utf8.count
        guard report.logs.count < ScriptLimits.logLinesMax, logBytes <= ScriptLimits.logBytesMax else {
            report.isTruncated = true
            return
        }
        let level = told["level"]?.stringValue ?? ""
        let known = ["info", "debug", "warn", "error"].contains(level) ? level : "info"
        report.logs.append(.init(level: known, text: text))
    }

    private static func failure(_ told: JSONValue, isStart: Bool) -> ScriptError {
        func text(_ name: String, _ limit: Int) -> String { String((told[name]?.stringValue ?? "").prefix(limit)) }
        let name = text("name", 100)
        var error = ScriptError(
            text("code", 100), text("message", 8_000), name: name.isEmpty ? "Error" : name, hint: text("hint", 1_000))
        if error.code.isEmpty { error.code = isStart ? "syntax_error" : "script_error" }
        error.line = Int(clamping: told["line"]?.integerValue ?? 0)
        error.column = Int(clamping: told["column"]?.integerValue ?? 0)
        return error
    }

    // MARK: Calls

    private func call(_ told: JSONValue) throws(End) {
        guard let id = told["id"]?.integerValue.map({ Int($0) }), let name = told["method"]?.stringValue,
            let arguments = told["args"]?.arrayValue, open[id] == nil
        else { throw .failure(ScriptError("sandbox_died", "The sandbox broke its protocol and was stopped.")) }
        let isAside = name.hasPrefix("$")
        guard (isAside ? asides : report.calls.count) < ScriptLimits.callsMax, open.count < ScriptLimits.callsAtOnceMax
        else { return put(tooMany(id)) }
        if isAside { asides += 1 }
        switch name {
        case "$sleep": return sleep(id, arguments)
        case "user.ask": return try ask(id, arguments)
        case "$begin", "$commit", "$rollback": return transact(name, id)
        case "$help", "$search":
            let word = arguments.first?.stringValue ?? ""
            let text = name == "$help" ? runner.book.helpText(word) : runner.book.searchText(word)
            return put(Answer(id: id, number: 0, result: .success(.string(text)), milliseconds: 0))
        default: break
        }
        let number = report.calls.count + 1
        let method: Method
        let request: any ProtoMessage
        do throws(ScriptError) {
            method = try runner.book.find(name)
            request = try MethodCall(method, workspace: order.workspace).request(arguments)
            if method.isWhole, openLists.count >= ScriptLimits.listsAtOnceMax {
                throw ScriptError(
                    "limit_exceeded",
                    "A script cannot read more than \(ScriptLimits.listsAtOnceMax) whole lists at once.",
                    hint: "Await one orca.\(method.name)() before the next.")
            }
        } catch {
            report.calls.append(.init(number: number, method: String(name.prefix(100)), hasEffect: false))
            return put(Answer(id: id, number: number, result: .failure(error), milliseconds: 0))
        }
        report.calls.append(.init(number: number, method: method.name, hasEffect: method.hasEffect))
        if method.isWhole { openLists.insert(id) }
        let batch = batch?.calls
        open[id] = Task { [self] in
            let began = ContinuousClock.now
            let result = await perform(method, request, number, in: batch)
            put(Answer(id: id, number: number, result: result, milliseconds: began.duration(to: .now).milliseconds))
        }
    }

    private func tooMany(_ id: Int) -> Answer {
        let which =
            open.count < ScriptLimits.callsAtOnceMax
            ? "make more than \(ScriptLimits.callsMax) calls"
            : "have more than \(ScriptLimits.callsAtOnceMax) calls open"
        let error = ScriptError("limit_exceeded", "A script cannot \(which).")
        return Answer(id: id, number: 0, result: .failure(error), milliseconds: 0)
    }

    func perform(
        _ method: Method, _ request: any ProtoMessage, _ number: Int, in batch: ScriptBatch?
    ) async -> Result<JSONValue, ScriptError> {
        guard !method.operation.serverStreaming else {
            return .failure(
                ScriptError(
                    "unimplemented", "orca.\(method.name) is a stream, which a script cannot read.",
                    hint: "Use orca.events.list()."))
        }
        let key = order.idempotencyKey.flatMap { method.hasEffect ? "\($0):\(number)" : nil }
        let context = CallContext(caller: order.caller, idempotencyKey: key, requestID: order.requestID)
        do {
            let call = MethodCall(method, workspace: order.workspace)
            guard method.isWhole else {
                return .success(try call.value(try await answer(method, request, context, batch)))
            }
            return .success(
                .array(
                    try await AllPages(call).rows(request) { request in
                        try await answer(method, request, context, batch)
                    }))
        } catch let error as APIError {
            return .failure(ScriptError(error))
        } catch let error as ScriptError {
            return .failure(error)
        } catch {
            return .failure(ScriptError("internal", "orca.\(method.name) failed: \(error)."))
        }
    }

    // MARK: Transactions

    /// A dry run is one transaction that is never committed; those within it are a part of it.
    private func transact(_ what: String, _ id: Int) {
        let done = Answer(id: id, number: 0, result: .success(.null), milliseconds: 0)
        guard !order.isDryRun else { return put(done) }
        switch (what, batch) {
        case ("$begin", nil):
            batch = (ScriptBatch(runner.performer), report.calls.count)
            put(done)
        case ("$begin", _):
            let error = ScriptError("invalid_argument", "There is a transaction already; it cannot have another in it.")
            put(Answer(id: id, number: 0, result: .failure(error), milliseconds: 0))
        case ("$commit", let batch?):
            self.batch = nil
            open[id] = Task { [self] in
                do {
                    try await batch.calls.commit()
                    put(done)
                } catch {
                    let told = (error as? APIError).map { ScriptError($0) } ?? error as? ScriptError
                    put(
                        Answer(
                            id: id, number: 0, result: .failure(told ?? ScriptError("internal", "\(error)")),
                            milliseconds: 0, undoneAfter: batch.after))
                }
            }
        default:
            undo()
            put(done)
        }
    }

    /// What was only tried is not done.
    private func undo() {
        guard let batch else { return }
        self.batch = nil
        markUndone(after: batch.after)
    }

    private func markUndone(after count: Int) {
        for index in report.calls.indices.dropFirst(count) { report.calls[index].isUndone = true }
    }

    private func answer(
        _ method: Method, _ request: any ProtoMessage, _ context: CallContext, _ batch: ScriptBatch?
    ) async throws -> any ProtoMessage {
        // What only looks outside of the store sees the world as it is.
        guard let batch, method.hasEffect || runner.performer.takesInBatch(method.operation) else {
            return try await runner.performer.perform(method.operation, request, context)
        }
        return try await batch.perform(BatchCall(method.operation, request, context))
    }

    private func sleep(_ id: Int, _ arguments: [JSONValue]) {
        let wanted = arguments.first?.integerValue ?? 0
        let milliseconds = min(max(0, wanted), ScriptLimits.timeoutMSMax)
        open[id] = Task { [self] in
            // Cancelled when the script has ended: nobody waits for it any more.
            try? await Task.sleep(for: .milliseconds(milliseconds))
            put(Answer(id: id, number: 0, result: .success(.null), milliseconds: milliseconds))
        }
    }

    func put(_ answer: Answer) {
        inbox.withLock { $0.append(answer) }
        wake.ring()
    }

    private func answer(_ process: SandboxProcess, _ deadline: Deadline) throws(End) {
        _ = wake.hear(until: .now)
        let answers = inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
        for answer in answers {
            open[answer.id] = nil
            openLists.remove(answer.id)
            if let count = answer.undoneAfter { markUndone(after: count) }
            var line: [JSONValue.Member] = [.init("type", "result"), .init("id", .integer(Int64(answer.id)))]
            switch answer.result {
            case .success(let value): line.append(.init("value", value))
            case .failure(let error): line.append(.init("error", error.json))
            }
            if answer.number > 0 {
                report.calls[answer.number - 1].milliseconds = answer.milliseconds
                report.calls[answer.number - 1].isDone = true
                if case .failure(let error) = answer.result {
                    report.calls[answer.number - 1].errorCode = error.code
                }
                order.onProgress?(report.calls.count(where: \.isDone))
            }
            try send(process, .object(line), deadline)
        }
    }
}
