import OrcaAPI
import OrcaSupport

/// The tools as they are listed.
struct Tools {
    enum Name: String, CaseIterable {
        case execute
        case search
        case wait

        var arguments: [String] {
            switch self {
            case .execute: ["code", "timeout_ms", "dry_run", "idempotency_key"]
            case .search: ["query"]
            case .wait: ["task", "gate"]
            }
        }
    }

    /// A script runs as long at most, waiting included.
    static let timeoutMSMax: Int32 = 30_000
    /// Methods in one answer of `search`.
    static let foundMax: Int32 = 15
    /// Claude Code cuts a description, but not that of a parameter.
    private static let shortClients: Set<String> = ["claude-code"]

    /// Empty when it could not be had.
    let manual: OrcaV1.SearchMethodsResponse
    let request: MCPRequest

    var entries: [JSONValue] { [execute, search] + (request.abilities.follows ? [wait] : []) }

    private var execute: JSONValue {
        let isShort = Self.shortClients.contains(request.client)
        let code = "JavaScript or TypeScript: an expression, statements with top-level await, or a function."
        let (introduction, list) = (manual.introduction, manual.declarations)
        let entry = tool(
            .execute, title: "Run a script",
            description: list.isEmpty ? Self.shortManual : isShort ? introduction : introduction + "\n" + list,
            input: [
                "code": [
                    "type": "string", "description": .string(isShort && !list.isEmpty ? code + "\n" + list : code),
                ],
                "timeout_ms": [
                    "type": "integer", "minimum": 1, "maximum": .whole(Self.timeoutMSMax),
                    "description": "Stop the script after this long; 30000 when left out.",
                ],
                "dry_run": [
                    "type": "boolean",
                    "description": "Change nothing; the answer's calls say what would be done.",
                ],
                "idempotency_key": [
                    "type": "string", "minLength": 1,
                    "description":
                        "Every call gets a key made from it: the same script with the same key repeats nothing it did.",
                ],
            ], required: ["code"], output: Self.executeOutput, isReadOnly: false)
        // Without it the client hides the tool behind a search of its own.
        return entry.adding(["_meta": ["anthropic/alwaysLoad": true]])
    }

    private var search: JSONValue {
        tool(
            .search, title: "Find methods",
            description: """
                Find methods of the global orca that `execute` has, by words in their names and summaries; at most \
                \(Self.foundMax). Answers what they take and answer, with all types.
                """,
            input: ["query": ["type": "string", "description": "Words that must all occur, like \"claim task\"."]],
            required: ["query"], output: Self.searchOutput, isReadOnly: true)
    }

    private var wait: JSONValue {
        tool(
            .wait, title: "Wait for a task or a gate",
            description: """
                Wait until a task has ended, or until a gate was answered, however long that takes; a script can wait \
                30 s only. Answers its status and its result.
                """,
            input: [
                "task": ["type": "string", "description": "Ref or id of the task, like API-1."],
                "gate": ["type": "string", "description": "Id of the gate. Name this or a task."],
            ], required: [], output: Self.waitOutput, isReadOnly: true)
    }

    private func tool(
        _ name: Name, title: String, description: String, input: JSONValue, required: [String], output: JSONValue,
        isReadOnly: Bool
    ) -> JSONValue {
        let revision = request.revision
        var entry: JSONValue = [
            "name": .string(name.rawValue), "description": .string(description),
            "inputSchema": [
                "type": "object", "properties": input, "required": .array(required.map { .string($0) }),
                "additionalProperties": false,
            ],
        ]
        if revision.hasStructuredContent { entry = entry.adding(["title": .string(title), "outputSchema": output]) }
        if revision.hasAnnotations {
            entry = entry.adding([
                "annotations": [
                    "title": .string(title), "readOnlyHint": .bool(isReadOnly), "openWorldHint": false,
                ]
            ])
        }
        return entry
    }

    /// For when the server does not answer.
    static let shortManual = """
        Run JavaScript or TypeScript in a sandbox against Orca, the control plane that hands tasks to coding agents. The \
        global `orca` has every operation as orca.<noun>.<verb>({…}); all answer promises. Top-level await works; what is \
        returned is the answer. await orca.help() names all methods, orca.help("tasks") shows the types of a noun. No \
        files, network or modules; 30 s at most.
        """

    private static let anything: JSONValue = [:]
    private static let failure: JSONValue = [
        "type": "object", "properties": ["code": ["type": "string"], "message": ["type": "string"]],
    ]
    static let executeOutput: JSONValue = [
        "type": "object",
        "properties": [
            "ok": ["type": "boolean"], "result": anything,
            "logs": ["type": "array", "items": ["type": "string"]],
            "calls": ["type": "array", "items": ["type": "object"]],
            "error": failure, "truncated": ["type": "boolean"],
            "dryRun": ["type": "boolean"],
        ], "required": ["ok"],
    ]
    static let searchOutput: JSONValue = [
        "type": "object",
        "properties": [
            "ok": ["type": "boolean"], "methods": ["type": "array", "items": ["type": "object"]],
            "types": ["type": "string"], "error": failure,
        ], "required": ["ok"],
    ]
    static let waitOutput: JSONValue = [
        "type": "object",
        "properties": [
            "ok": ["type": "boolean"], "task": ["type": "string"], "gate": ["type": "string"],
            "status": ["type": "string"], "result": ["type": "string"], "answer": ["type": "string"], "error": failure,
        ], "required": ["ok"],
    ]
}
