import OrcaAPI
import OrcaPlan

/// `orca plan export`
enum PlanExport {
    static var command: Command {
        Command(
            "export", "Write a project's tasks as a plan.",
            flags: [
                .value(
                    "format", .choice(PlanFormat.allCases.map(\.rawValue)), "FORMAT",
                    "The notation; by the ending of --output, else yaml."),
                .value("output", short: "o", .file, "PATH", "Write to this file instead of standard output."),
                .value("name", .text, "NAME", "Only tasks that came from the plan of this name."),
            ],
            examples: [.init("orca plan export -p API -o plan.md", "As Markdown, a section per task.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.ExportPlanRequest()
        request.workspace = call.workspace
        request.project = try call.requiredProject()
        request.name = call.text("name") ?? ""
        let response = try call.call(Operations.exportPlan, request)
        let output = call.text("output")
        let format =
            call.text("format").flatMap { PlanFormat(rawValue: $0) } ?? output.map { PlanFormat(fileName: $0) } ?? .yaml
        let text = PlanFile.write(response.plan ?? OrcaV1.Plan(), as: format)
        if let output {
            try call.context.host.writeFile(TextInput.absolute(output, call), Array(text.utf8))
            call.answer(response) { "" }
            call.note("Wrote \(response.plan?.tasks.count ?? 0) tasks to \(output).")
        } else {
            call.answer(response) { text }
        }
    }
}
