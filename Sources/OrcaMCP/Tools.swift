import OrcaAPI
import OrcaSupport

/// The tools as they are listed.
struct Tools {
    enum Name: String, CaseIterable {
        case execute
        case search

        var arguments: [String] {
            switch self {
            case .execute: ["code", "timeout_ms", "dry_run", "idempotency_key"]
            case .search: ["query"]
            }
        }
    }

    /// A script runs as long at most, waiting included.
    static let timeoutMSMax: Int32 = 30_000
    /// Methods in one answer of `search`.
    static let foundMax: Int32 = 15
    /// Claude Code cuts a description behind this many characters, but not that of a parameter.
    static let descriptionMax = 4_000
    private static let shortClients: Set<String> = ["claude-code"]

    let methods: [OrcaV1.MethodInfo]
    let request: MCPRequest

    var entries: [JSONValue] { [execute, search] }

    private var execute: JSONValue {
        let list = signatures
        let isShort = Self.shortClients.contains(request.client)
        let code = "JavaScript or TypeScript: an expression, statements with top-level await, or a function."
        let entry = tool(
            .execute, title: "Run a script",
            description: isShort || list.isEmpty ? Self.manual : Self.manual + "\n\n" + list,
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
                \(Self.foundMax). Answers their arguments and what they are for.
                """,
            input: ["query": ["type": "string", "description": "Words that must all occur, like \"claim task\"."]],
            required: ["query"], output: Self.searchOutput, isReadOnly: true)
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

    /// Every method on the line of its noun: `tasks: create(project,title,…) …`.
    private var signatures: String {
        var nouns: [String] = []
        var lines: [String: [String]] = [:]
        for method in methods {
            let parts = method.name.split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            if lines[parts[0]] == nil { nouns.append(parts[0]) }
            lines[parts[0], default: []].append("\(parts[1])(\(Self.arguments(of: method).joined(separator: ",")))")
        }
        guard !nouns.isEmpty else { return "" }
        return "orca.<noun>.<verb>({named arguments}), all asynchronous:\n"
            + nouns.map { "\($0): \(lines[$0, default: []].joined(separator: " "))" }.joined(separator: "\n")
    }

    /// The names in `orca.tasks.get(args: { workspace?: string, task: string }): …`, but for those that every list has.
    private static func arguments(of method: OrcaV1.MethodInfo) -> [String] {
        guard let start = method.declaration.firstIndex(of: "{") else { return [] }
        var names: [String] = []
        var word = ""
        var depth = 0
        var isName = true
        for letter in method.declaration[start...] {
            switch letter {
            case "{", "[", "(", "<": depth += 1
            case "}", "]", ")", ">": depth -= 1
            case ",", ";": if depth == 1 { isName = true }
            case "?", ":": if depth == 1 { isName = false }
            default: if depth == 1, isName, !letter.isWhitespace { word.append(letter) }
            }
            if !word.isEmpty, !isName || depth == 0 || letter == "," {
                names.append(word)
                word = ""
            }
            guard depth > 0 else { break }
        }
        return names.filter { !["workspace", "limit", "cursor"].contains($0) }
    }

    static let manual = """
        Run JavaScript or TypeScript in a sandbox against Orca, the control plane that hands tasks to coding agents. The \
        global `orca` has every operation as orca.<noun>.<verb>({…}); all answer promises. Do a whole flow in one call and \
        return only what you need. There are also console, sleep(ms) and orca.help("tasks"), and nothing else: no files, \
        no network, no modules. It runs 30 s at most. A failed call throws an OrcaError with code and message; what was \
        done before it stays done: `calls` says what that was. What is inside \
        orca.transaction(async () => {…}) is done as a whole or not at all.

        const {ref} = await orca.tasks.create({project: "API", title: "Write the parser"});
        const docs = await orca.tasks.create({project: "API", title: "Document it"});
        await orca.tasks.addDependency({task: docs.ref, dependsOn: ref});
        return ref;

        const {task, lease} = await orca.tasks.claim({project: "API", agent: "me"});
        await orca.tasks.complete({task: task.ref, token: lease.token, result: "Done"});

        Lists have `limit` and `cursor`; every call takes `workspace`. Filter inside the script: long results are cut.
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
            "ok": ["type": "boolean"], "methods": ["type": "array", "items": ["type": "object"]], "error": failure,
        ], "required": ["ok"],
    ]
}
