import OrcaSupport
import OrcaTestKit
import Testing

/// An installation with a repository that Orca knows, and short words for what the contract of worktrees is about.
struct Forest {
    let place: Installation
    let repo: String

    init() throws {
        place = try Installation()
        try place.makeRepository()
        repo = try text(place.result("repo", "add", "--path", place.repository), "repo", "id")
    }

    /// A worktree; answers the whole result.
    func create(_ name: String, _ rest: String..., in directory: String? = nil) throws -> JSONValue {
        let value = try place.envelope(
            ["worktree", "create", "--name", name, "--repo", "id:\(repo)"] + rest, in: directory)
        return try #require(value["result"])
    }

    /// A worktree's path.
    func plant(_ name: String, _ rest: String...) throws -> String {
        let value = try place.envelope(["worktree", "create", "--name", name, "--repo", "id:\(repo)"] + rest)
        return try text(value, "result", "worktree", "path")
    }

    func git(_ directory: String, _ arguments: String...) throws {
        let answer = try Subprocess.run(place.command("git", ["-C", directory] + arguments), timeout: .seconds(60))
        #expect(answer.code == 0, "git \(arguments): \(answer.errorText)")
    }

    func commit(_ directory: String, _ file: String) throws {
        try Files.write("\(file)\n", to: directory + "/" + file)
        try git(directory, "add", "--all")
        try git(directory, "commit", "--quiet", "-m", "add \(file)")
    }

    /// A refusal in both forms: as an object on standard output, and as text with the next steps on standard error.
    func expectRefusal(
        _ code: String, _ arguments: [String], saying words: String..., in directory: String? = nil,
        with variables: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let value = try place.envelope(
            arguments, code: 1, in: directory, with: variables, sourceLocation: sourceLocation)
        let error = try #require(value["error"], sourceLocation: sourceLocation)
        #expect(error["code"]?.stringValue == code, "\(error)", sourceLocation: sourceLocation)
        var command = place.command("orca", arguments)
        command.environment.merge(variables) { $1 }
        if let directory { command.directory = directory }
        let answer = try Subprocess.run(command, timeout: .seconds(120))
        let message = try #require(error["message"]?.stringValue, sourceLocation: sourceLocation)
        #expect(
            answer.code == 1 && answer.output.isEmpty && answer.errorText.hasPrefix(message + "\n"),
            "\(answer.outputText)\(answer.errorText)", sourceLocation: sourceLocation)
        for step in error["data"]?["nextSteps"]?.arrayValue ?? [] {
            #expect(
                answer.errorText.contains("Next step: \(step.stringValue ?? "")"), sourceLocation: sourceLocation)
        }
        for word in words {
            #expect(
                answer.errorText.contains(word), "'\(word)' is not in: \(answer.errorText)",
                sourceLocation: sourceLocation)
        }
    }

    /// What a successful command says without `--json`.
    func said(_ arguments: String..., in directory: String? = nil) throws -> String {
        var command = place.command("orca", arguments)
        if let directory { command.directory = directory }
        let answer = try Subprocess.run(command, timeout: .seconds(120))
        #expect(answer.code == 0, "orca \(arguments): \(answer.errorText)")
        return answer.outputText
    }
}

/// The text at the end of a path of members.
func text(_ value: JSONValue, _ path: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    var found: JSONValue? = value
    for name in path { found = found?[name] }
    return try #require(found?.stringValue, "\(path) of \(value)", sourceLocation: sourceLocation)
}
