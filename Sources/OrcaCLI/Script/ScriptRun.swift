import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca script run`
enum ScriptRun {
    private static let codeBytesMax = 1 << 20

    static var command: Command {
        Command(
            "run", "Run a script and print what it answers.", changes: true,
            arguments: [Argument("file", .file, "JavaScript or TypeScript; - reads standard input.")],
            flags: [
                .value("limit-ms", .integer(1...30_000), "N", "Stop it after this long; 30000."),
                .toggle("dry-run", "Try everything together, undo it, and show what would be done."),
            ],
            discussion: """
                What it logs goes to standard error. With --idempotency-key every call gets a key of its own made from it, \
                so that running a script again that failed half way repeats nothing. The exit code is 1 when it failed.
                """,
            examples: [
                .init("orca script run flow.js", ""),
                .init("echo 'await orca.tasks.list({project: \"API\"})' | orca script run -", "From standard input."),
            ], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.RunScriptRequest()
        request.workspace = call.workspace
        request.code = try code(call)
        if let text = call.text("limit-ms"), let limit = Int32(text) { request.timeoutMs = limit }
        request.dryRun = call.isOn("dry-run")
        let response = try call.call(Operations.runScript, request)
        if !response.ok { call.exitCode = 1 }
        guard !call.isJSON else { return call.answer(response) { "" } }
        for line in response.logs { call.note(TextWidth.inert(line.text)) }
        if response.dryRun {
            let plan = response.calls.filter { $0.hasEffect && $0.errorCode.isEmpty }.map {
                "\($0.number). \($0.method)"
            }
            call.note(plan.isEmpty ? "Nothing would be changed." : "Would do: \(plan.joined(separator: ", ")).")
        }
        if let error = response.error { return call.note(describe(error, response)) }
        if !response.cutValue.isEmpty {
            call.note("The value is too long; this is its beginning. Filter inside the script.")
            call.context.out.write(response.cutValue + "\n")
        } else if let value = response.value, value != .null {
            call.context.out.write(bytes: pretty(value) + [0x0A])
        }
    }

    private static func code(_ call: Invocation) throws(APIError) -> String {
        let path = call.required("file")
        let bytes =
            try path == "-"
            ? call.context.readInput(codeBytesMax + 1)
            : call.context.host.readFile(TextInput.absolute(path, call), limit: codeBytesMax + 1)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw APIError("invalid_utf8", .invalidArgument, "The script is not UTF-8. Save it as UTF-8.")
        }
        return text
    }

    private static func pretty(_ value: ProtoValue) -> [UInt8] {
        if case .string(let text) = value { return Array(text.utf8) }
        // What we write ourselves is JSON.
        guard let json = try? JSONValue(jsonBytes: value.jsonBytes()) else { return value.jsonBytes() }
        return Array(json.prettyText.utf8)
    }

    private static func describe(_ error: OrcaV1.ScriptFailure, _ response: OrcaV1.RunScriptResponse) -> String {
        var lines = ["\(error.name): \(error.message)" + (error.code.isEmpty ? "" : " (\(error.code))")]
        if error.line > 0 {
            lines.append("  at line \(error.line)" + (error.column > 0 ? ", column \(error.column)" : ""))
            if !error.snippet.isEmpty { lines.append("    " + error.snippet) }
        }
        if !error.hint.isEmpty { lines.append(error.hint) }
        let effects = response.calls.filter { $0.hasEffect && $0.errorCode.isEmpty && !$0.isUndone }
        if !effects.isEmpty {
            let names = effects.map { "\($0.number). \($0.method)" + ($0.isDone ? "" : " (its end was not seen)") }
            lines.append("Done before: \(names.joined(separator: ", ")).")
        }
        return lines.map(TextWidth.inert).joined(separator: "\n")
    }
}
