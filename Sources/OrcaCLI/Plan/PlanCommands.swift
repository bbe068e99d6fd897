import OrcaAPI
import OrcaDomain
import OrcaPlan

/// `orca plan …`
enum PlanCommands {
    static var command: Command {
        Command(
            "plan", "Files of tasks with dependencies that become a task graph at once.", aliases: ["plans"],
            section: .workers,
            children: { [PlanCheck.command, PlanImport.command, PlanExport.command] })
    }

    static let file = Argument("file", .file, "YAML, JSON or Markdown by its ending; - reads YAML from standard input.")
    static let format = Flag.value(
        "format", .choice(PlanFormat.allCases.map(\.rawValue)), "FORMAT", "The notation, when the ending does not tell."
    )

    /// Reads the plan the command names; every complaint becomes a line of the error.
    static func read(_ path: String, _ call: Invocation, format: PlanFormat?) throws(APIError) -> OrcaV1.Plan {
        let limit = PlanLimits.fileBytesMax + 1
        let bytes =
            try path == "-"
            ? call.context.readInput(limit) : call.context.host.readFile(TextInput.absolute(path, call), limit: limit)
        do throws(PlanError) {
            return try PlanFile.read(bytes, fileName: path, format: format)
        } catch {
            throw invalid(error)
        }
    }

    private static func invalid(_ error: PlanError) -> APIError {
        let count = error.diagnostics.count
        var lines = Array(error.lines.prefix(PlanLimits.diagnosticsMax))
        if count > lines.count { lines.append("… and \(count - lines.count) more") }
        let head = count == 1 ? "The plan has a mistake:" : "The plan has \(count) mistakes:"
        return APIError(
            "plan_invalid", .invalidArgument,
            "\(head)\n\(lines.joined(separator: "\n"))\nCorrect it, then run 'orca plan check \(error.file)'. docs/plan-format.md describes the format.",
            details: ["file": error.file, "count": String(count)])
    }
}
