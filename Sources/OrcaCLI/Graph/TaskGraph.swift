import OrcaAPI
import OrcaDomain

/// `orca task graph`, `orca graph`
enum TaskGraph {
    static var command: Command {
        Command(
            "graph", "Draw a project's tasks and the dependencies between them.",
            flags: [
                .toggle("dot", "Print it in the DOT language of Graphviz."),
                .toggle("svg", "Print it as SVG, made by Graphviz's `dot`."),
                .value("output", short: "o", .file, "PATH", "Write to this file instead of standard output."),
                .toggle("open-only", "Leave out what is completed or canceled."),
            ],
            examples: [
                .init("orca graph -p API", "In the terminal, what comes first on top."),
                .init("orca graph -p API --svg -o graph.svg", "As a picture."),
            ], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.GetTaskGraphRequest()
        request.workspace = call.workspace
        request.project = try call.requiredProject()
        var response = try call.call(Operations.getTaskGraph, request)
        if call.isOn("open-only") { keepOpen(&response) }
        if call.isJSON {
            call.answer(response) { "" }
            return
        }
        let text: String
        if call.isOn("svg") {
            text = try svg(response, call)
        } else if call.isOn("dot") {
            text = DOTWriter.text(response, name: request.project)
        } else {
            text = GraphDrawing.lines(response, width: call.context.terminalWidth, style: call.style).map { $0 + "\n" }
                .joined()
        }
        if response.tasks.isEmpty {
            call.note("The project has no tasks. Add one with 'orca add TITLE -p \(request.project)'.")
        }
        guard let output = call.text("output") else { return call.context.out.write(text) }
        try call.context.host.writeFile(TextInput.absolute(output, call), Array(text.utf8))
        call.note("Wrote \(output).")
    }

    private static func keepOpen(_ response: inout OrcaV1.GetTaskGraphResponse) {
        response.tasks.removeAll { $0.status == .completed || $0.status == .canceled }
        let kept = Set(response.tasks.flatMap { [$0.id, $0.ref] })
        response.edges.removeAll { !kept.contains($0.from) || !kept.contains($0.to) }
    }

    private static func svg(_ response: OrcaV1.GetTaskGraphResponse, _ call: Invocation) throws(APIError) -> String {
        let dot = DOTWriter.text(response, name: call.project ?? "tasks")
        let result: ProgramResult
        do throws(APIError) {
            result = try call.context.host.run(["dot", "-Tsvg"], directory: "/", input: Array(dot.utf8))
        } catch {
            throw APIError(
                "graphviz_missing", .unavailable, "Graphviz's `dot` cannot be run. Install graphviz, or take --dot.")
        }
        guard result.code == 0 else {
            let why = String(decoding: result.errors.prefix(500), as: UTF8.self).trimmed
            throw APIError("graphviz_failed", .internal, "`dot` failed: \(why). Take --dot and look at its input.")
        }
        return String(decoding: result.output, as: UTF8.self)
    }
}
