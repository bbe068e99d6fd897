import OrcaAPI
import OrcaPlan

/// `orca plan check`
enum PlanCheck {
    static var command: Command {
        Command(
            "check", "Read a plan and say what is wrong with it, without a server.", arguments: [PlanCommands.file],
            flags: [PlanCommands.format],
            examples: [.init("orca plan check plan.yaml", "Complaints have file, line and column.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let file = call.required("file")
        let plan = try PlanCommands.read(file, call, format: call.text("format").flatMap { PlanFormat(rawValue: $0) })
        let edges = plan.tasks.reduce(0) { $0 + $1.dependsOn.count }
        call.answer(plan) {
            "\(file): plan '\(TextWidth.inert(plan.name))', \(plan.tasks.count) tasks, \(edges) dependencies: fine\n"
        }
    }
}
