import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// What a tool answers, in success and failure the same shape: that of its output schema.
struct ToolReport {
    /// Clients put longer answers away where the model does not see them.
    static let textMax = 46_000

    private static let typesMax = 20_000

    /// Room that logs and calls have at least, however long the result is.
    private static let recordMin = 2_000

    private(set) var body: JSONValue
    private let isError: Bool

    init(refused error: ArgumentError) {
        self.init(
            failure: [
                "name": "TypeError", "code": "invalid_argument", "message": .string(error.message),
                "field": .string(error.field),
            ])
    }

    /// An answer as it is.
    init(_ body: JSONValue) {
        self.init(body: body, isError: false)
    }

    /// Of an operation that was to be no script; what is no refusal is a mistake of ours.
    init(refused outcome: Result<any ProtoMessage, APIError>) {
        switch outcome {
        case .failure(let error): self.init(error)
        case .success(let message): preconditionFailure("\(type(of: message)) tells nothing about a wait")
        }
    }

    private init(failure: JSONValue) {
        self.init(body: ["ok": false, "error": failure], isError: true)
    }

    private init(body: JSONValue, isError: Bool) {
        self.body = body
        self.isError = isError
    }

    private init(_ error: APIError) {
        self.init(
            failure: ["name": "OrcaError", "code": .string(error.code), "message": .string(error.message)])
    }

    init(search outcome: Result<any ProtoMessage, APIError>) {
        switch outcome {
        case .failure(let error): self.init(error)
        case .success(let message):
            guard let found = message as? OrcaV1.SearchMethodsResponse else {
                preconditionFailure("SearchMethods answered with \(type(of: message))")
            }
            var body: JSONValue = [
                "ok": true,
                "methods": .array(
                    found.methods.map {
                        [
                            "name": .string($0.name), "summary": .string($0.summary),
                            "declaration": .string($0.declaration),
                        ]
                    }),
            ]
            if !found.types.isEmpty { body = body.adding(["types": .string(Self.cut(found.types))]) }
            if found.methods.isEmpty { body = body.adding(["hint": "No method has all of these words. Use fewer."]) }
            self.init(body: body, isError: false)
        }
    }

    /// The lines that there is room for.
    private static func cut(_ types: String) -> String {
        guard types.utf8.count > typesMax else { return types }
        var left = typesMax
        let lines = types.split(separator: "\n").prefix { line in
            left -= line.utf8.count + 1
            return left >= 0
        }
        return lines.joined(separator: "\n") + "\n// cut; orca.help(noun) shows the rest"
    }

    init(execute outcome: Result<any ProtoMessage, APIError>) {
        switch outcome {
        case .failure(let error): self.init(error)
        case .success(let message):
            guard let report = message as? OrcaV1.RunScriptResponse else {
                preconditionFailure("RunScript answered with \(type(of: message))")
            }
            self.init(report)
        }
    }

    private init(_ report: OrcaV1.RunScriptResponse) {
        isError = !report.ok
        let value = report.value.map { JSONValue($0) } ?? .null
        let text = value.jsonBytes()
        let isLong = text.count > Self.textMax
        body = ["ok": .bool(report.ok)]
        if report.dryRun { body = body.adding(["dryRun": true]) }
        if let error = report.error { body = body.adding(["error": Self.failure(error)]) }
        if isLong || !report.cutValue.isEmpty {
            let beginning = isLong ? String(decoding: text, as: UTF8.self) : report.cutValue
            body = body.adding([
                "result": .string(String(beginning.prefix(Self.textMax / 2))), "truncated": true,
                "hint": "The result is too long; this is the beginning of its JSON. Filter inside the script.",
            ])
        } else if report.ok {
            body = body.adding(["result": value])
            if report.truncated { body = body.adding(["truncated": true]) }
        }
        let (logs, calls) = Self.record(of: report, room: max(Self.recordMin, Self.textMax - body.jsonBytes().count))
        body = body.adding(["logs": .array(logs), "calls": .array(calls)])
        let leftOut = report.logs.count - logs.count + report.calls.count - calls.count
        if leftOut > 0 { body = body.adding(["leftOut": .whole(leftOut)]) }
    }

    /// Logs and calls, as many as there is room for.
    private static func record(of report: OrcaV1.RunScriptResponse, room: Int) -> (
        logs: [JSONValue], calls: [JSONValue]
    ) {
        var left = room
        func fitting(_ entries: [JSONValue]) -> [JSONValue] {
            var kept: [JSONValue] = []
            for entry in entries {
                left -= entry.jsonBytes().count + 1
                guard left > 0 else { break }
                kept.append(entry)
            }
            return kept
        }
        let calls = fitting(report.calls.map(call))
        let logs = fitting(
            report.logs.map { .string(($0.level == "info" ? "" : "\($0.level): ") + $0.text) })
        return (logs, calls)
    }

    private static func call(_ call: OrcaV1.ScriptCall) -> JSONValue {
        var entry: JSONValue = [
            "seq": .whole(call.number), "method": .string(call.method), "ms": .integer(call.durationMs),
            "ok": .bool(call.isDone && call.errorCode.isEmpty),
        ]
        if !call.errorCode.isEmpty { entry = entry.adding(["error": .string(call.errorCode)]) }
        if call.hasEffect { entry = entry.adding(["effect": true]) }
        if call.isUndone { entry = entry.adding(["undone": true]) }
        if !call.isDone { entry = entry.adding(["unfinished": true]) }
        return entry
    }

    private static func failure(_ error: OrcaV1.ScriptFailure) -> JSONValue {
        var failure: JSONValue = [
            "name": .string(error.name), "code": .string(error.code), "message": .string(error.message),
        ]
        if error.line > 0 {
            failure = failure.adding(["line": .whole(error.line), "column": .whole(error.column)])
        }
        if !error.snippet.isEmpty { failure = failure.adding(["snippet": .string(error.snippet)]) }
        if !error.hint.isEmpty { failure = failure.adding(["hint": .string(error.hint)]) }
        return failure
    }

    /// The result of `tools/call`.
    func result(in revision: MCPRevision) -> JSONValue {
        let text = String(decoding: body.jsonBytes(), as: UTF8.self)
        var result: JSONValue = ["content": [["type": "text", "text": .string(text)]], "isError": .bool(isError)]
        if revision.hasStructuredContent { result = result.adding(["structuredContent": body]) }
        return result
    }
}

extension JSONValue {
    /// Members in the order of their names.
    init(_ value: ProtoValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .string(let value): self = .string(value)
        case .number(let value):
            self =
                Int64(exactly: value).map { $0.magnitude < 1 << 53 ? .integer($0) : .number(value) } ?? .number(value)
        case .list(let values): self = .array(values.map { JSONValue($0) })
        case .object(let fields):
            self = .object(fields.fields.sorted { $0.key < $1.key }.map { Member($0.key, JSONValue($0.value)) })
        }
    }
}
