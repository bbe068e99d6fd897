import OrcaDomain
import OrcaSupport

/// Runs `orca merge`, as a person would: a run's branches are merged by the same program and the same rules.
struct MergeProgram: Sendable {
    private static let timeLimit = Duration.seconds(600)
    private static let shownBytesMax = 2_000

    let surroundings: TerminalSurroundings

    func run(
        project: String, in workspace: WorkspaceID, repository: String, base: String
    ) async throws -> MergeReport {
        var arguments = [
            "merge", "--workspace", workspace.text, "--project", project, "--repo", repository, "--conflict-tasks",
            "--json",
        ]
        if !base.isEmpty { arguments += ["--base", base] }
        var environment = surroundings.environment
        environment["PATH"] = surroundings.path
        let command = SubprocessCommand(
            surroundings.shimDirectory + "/orca", arguments, environment: environment, directory: repository)
        return try Self.report(try await Self.result(of: command))
    }

    /// The program runs on a thread of its own: it may take as long as git does.
    private static func result(of command: SubprocessCommand) async throws -> Subprocess.Result {
        try await withCheckedThrowingContinuation { continuation in
            do {
                // It ends with its body; nobody has to join it.
                _ = try ManagedThread("orca-merge") {
                    do throws(SubprocessError) {
                        continuation.resume(returning: try Subprocess.run(command, timeout: timeLimit))
                    } catch {
                        continuation.resume(throwing: DomainError(.gitFailed, "Merging failed: \(error)."))
                    }
                }
            } catch {
                continuation.resume(throwing: DomainError(.gitFailed, "Merging failed: \(error)."))
            }
        }
    }

    /// The exit code says whether all could be merged; anything but the table is an error of the program.
    static func report(_ result: Subprocess.Result) throws -> MergeReport {
        // What is no JSON is what went wrong, in words.
        guard let document = try? JSONValue(jsonBytes: result.output), let merge = document["merge"],
            let branch = merge["branch"]?.stringValue, let rows = merge["tasks"]?.arrayValue
        else {
            let said = result.error.isEmpty ? result.outputText : result.errorText
            let text = String(said.prefix(shownBytesMax)).split(separator: "\n").joined(separator: " ")
            throw DomainError(.gitFailed, "The branches cannot be merged (\(result.status)): \(text)")
        }
        var lines = ["\(branch) is at \(merge["commit"]?.stringValue?.prefix(12) ?? "nothing")."]
        lines += rows.compactMap(line)
        return MergeReport(
            isComplete: merge["isComplete"]?.boolValue ?? false, text: lines.joined(separator: "\n"),
            resolutions: rows.compactMap { $0["resolution"]?.stringValue }.filter { !$0.isEmpty })
    }

    private static func line(_ row: JSONValue) -> String? {
        guard let task = row["task"]?.stringValue, let outcome = row["merge"]?.stringValue else { return nil }
        func list(_ name: String) -> String {
            (row[name]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
        }
        switch outcome {
        case "merged": return "\(task): merged"
        case "already_merged": return "\(task): merged before"
        case "conflict":
            let resolution = row["resolution"]?.stringValue ?? ""
            let with = list("with")
            return "\(task): conflict in \(list("files"))" + (with.isEmpty ? "" : " with \(with)")
                + (resolution.isEmpty ? "" : "; \(resolution) resolves it")
        case "waits": return "\(task): waits for \(row["for"]?.stringValue ?? "another")"
        case "missing": return "\(task): its commit is not in the repository"
        default: return "\(task): nothing to merge"
        }
    }
}
