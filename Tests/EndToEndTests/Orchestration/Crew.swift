import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// An installation with a coordinator's terminal and a worker's, both plain shells.
struct Crew {
    let place: Installation
    let coordinator: String
    let worker: String

    init() throws {
        place = try Installation()
        coordinator = try Crew.open(place, "coordinator")
        worker = try Crew.open(place, "worker")
    }

    static func open(_ place: Installation, _ title: String, _ rest: String...) throws -> String {
        let made = try place.envelope(["terminal", "create", "--title", title] + rest)
        return try #require(made["result"]?["terminal"]?["handle"]?.stringValue)
    }

    /// An agent that writes down what is typed, works for a moment after every prompt, and is idle again.
    static let agentScript = """
        printf '\\033]0;✳ Claude Code\\007\\033[?2004hWelcome to Claude Code\\n❯ '
        while IFS= read -r line; do
            printf '%s\\n' "$line" >> "$HOME/$ORCA_TERMINAL_HANDLE.typed"
            case "$line" in *'[201~'*)
                printf '\\033]0;⠂ Working\\007✻ Burrowing… (1s · esc to interrupt)\\n'
                sleep 0.3
                printf '\\033[2J\\033[H\\033]0;✳ Claude Code\\007❯ ';;
            esac
        done
        """

    /// Opens a terminal with a fake agent and waits until it is idle.
    static func openAgent(_ place: Installation, _ title: String) throws -> String {
        try place.makeProgram("claude", agentScript)
        let handle = try open(place, title, "--command", "claude")
        let waited = try place.result(
            "terminal", "wait", "--terminal", handle, "--for", "tui-idle", "--timeout-ms", "30000")
        #expect(waited["wait"]?["satisfied"] == true, "\(waited)")
        return handle
    }

    /// What was typed into a fake agent.
    func typed(_ handle: String) throws -> String {
        let path = place.folder.path("\(handle).typed")
        return Files.size(path) == nil ? "" : try Files.readText(path)
    }

    /// The environment of a program in one of the terminals.
    static func inside(_ handle: String) -> [String: String] { ["ORCA_TERMINAL_HANDLE": handle] }

    /// What `orca orchestration` prints and how it ends.
    func say(_ arguments: String..., as handle: String? = nil, with variables: [String: String] = [:]) throws -> Answer
    {
        try place.answer(
            ["orchestration"] + arguments, with: (handle.map(Crew.inside) ?? [:]).merging(variables) { $1 })
    }

    /// The `result` of an orchestration command that succeeds.
    func ask(
        _ arguments: String..., as handle: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSONValue {
        let value = try place.envelope(
            ["orchestration"] + arguments, with: handle.map(Crew.inside) ?? [:], sourceLocation: sourceLocation)
        try #require(value["_meta"]?["runtimeId"]?.stringValue?.isEmpty == false, sourceLocation: sourceLocation)
        return try #require(value["result"], sourceLocation: sourceLocation)
    }

    /// Expects a failure: exit code 1, nothing on standard error, this code, these words.
    func expectFailure(
        _ code: String, _ words: String, _ arguments: String..., as handle: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = try place.envelope(
            ["orchestration"] + arguments, code: 1, with: handle.map(Crew.inside) ?? [:],
            sourceLocation: sourceLocation)["error"]
        #expect(error?["code"]?.stringValue == code, "\(String(describing: error))", sourceLocation: sourceLocation)
        #expect(
            error?["message"]?.stringValue?.contains(words) == true, "\(String(describing: error))",
            sourceLocation: sourceLocation)
    }

    /// Sends mail and answers its id.
    @discardableResult
    func send(
        _ subject: String, to recipient: String, from sender: String, _ rest: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let value = try place.envelope(
            ["orchestration", "send", "--to", recipient, "--from", sender, "--subject", subject] + rest,
            sourceLocation: sourceLocation)
        return try #require(value["result"]?["message"]?["id"]?.stringValue, sourceLocation: sourceLocation)
    }

    func subjects(_ result: JSONValue) -> [String] {
        (result["messages"]?.arrayValue ?? []).compactMap { $0["subject"]?.stringValue }
    }

    /// Makes a task and answers its id.
    func task(_ spec: String, _ rest: String...) throws -> String {
        let value = try place.envelope(["orchestration", "task-create", "--spec", spec] + rest)
        return try #require(value["result"]?["task"]?["id"]?.stringValue)
    }

    func status(of task: String) throws -> String? {
        let all = try ask("task-list")["tasks"]?.arrayValue ?? []
        return all.first { $0["id"]?.stringValue == task }?["status"]?.stringValue
    }

    /// Hands a task to the worker without typing anything; answers the dispatch's id.
    func dispatch(_ task: String, to terminal: String? = nil) throws -> String {
        let result = try ask("dispatch", "--task", task, "--to", terminal ?? worker, "--from", coordinator)
        return try #require(result["dispatch"]?["id"]?.stringValue)
    }

    /// Runs an `orca orchestration` command, and `body` while it runs; answers how the command ended.
    func during(
        _ arguments: String..., as handle: String? = nil, with variables: [String: String] = [:],
        _ body: () throws -> Void
    ) throws -> Answer {
        let place = place
        let around = (handle.map(Crew.inside) ?? [:]).merging(variables) { $1 }
        let answers = Results()
        let thread = try ManagedThread("waiting-client") {
            do { answers.add(try place.answer(["orchestration"] + arguments, with: around)) } catch {
                Issue.record("\(arguments): \(error)")
            }
        }
        do {
            try body()
        } catch {
            thread.join()
            throw error
        }
        thread.join()
        return try #require(answers.all.first)
    }
}

/// The keys of an object, sorted.
func keys(_ value: JSONValue?) -> [String] {
    guard case .object(let members)? = value else { return [] }
    return members.map(\.name).sorted()
}
