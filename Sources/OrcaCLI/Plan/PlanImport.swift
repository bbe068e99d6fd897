import OrcaAPI
import OrcaPlan

/// `orca plan import`
enum PlanImport {
    static var command: Command {
        Command(
            "import", "Make a project's tasks as the plan says: all or nothing.", changes: true,
            arguments: [PlanCommands.file],
            flags: [PlanCommands.format, .toggle("dry-run", short: "n", "Say what would happen and change nothing.")],
            discussion:
                "Importing the same plan again changes only what changed: tasks are recognised by plan name and key.",
            examples: [.init("orca plan import plan.yaml --project API", "Prints a line for every task.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.ImportPlanRequest()
        request.workspace = call.workspace
        request.plan = try PlanCommands.read(
            call.required("file"), call, format: call.text("format").flatMap { PlanFormat(rawValue: $0) })
        request.project = try call.requiredProject()
        request.dryRun = call.isOn("dry-run")
        let response = try call.call(Operations.importPlan, request)
        call.answer(response) {
            if call.isQuiet { return response.entries.map { $0.ref + "\n" }.joined() }
            var table = Table([.fixed("KEY"), .fixed("REF"), .fixed("ACTION")])
            for entry in response.entries {
                table.add([.init(entry.key, .strong), .init(entry.ref), .init(entry.action, tone(entry.action))])
            }
            return call.text(table)
        }
        let verb = request.dryRun ? "would be" : "were"
        call.note("\(response.created) \(verb) created, \(response.updated) updated, \(response.unchanged) unchanged.")
    }

    private static func tone(_ action: String) -> Tone {
        switch action {
        case "created": .good
        case "updated": .warning
        default: .faint
        }
    }
}
