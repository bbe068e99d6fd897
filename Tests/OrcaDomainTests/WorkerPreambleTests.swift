import OrcaDomain
import Testing

@Suite struct WorkerPreambleTests {
    private var preamble: WorkerPreamble {
        WorkerPreamble(coordinator: "term_c", task: "task_1", dispatch: "ctx_1", spec: "Do it.\nWell.")
    }

    @Test func theCommandsNameTheCoordinatorTheTaskAndTheDispatch() {
        let text = preamble.text
        #expect(text.contains("orca orchestration send --to term_c --type worker_done --subject"))
        #expect(text.contains("--task-id task_1 --dispatch-id ctx_1 --files-modified"))
        #expect(
            text.contains("orca orchestration send --to term_c --type heartbeat --subject \"alive\" --task-id task_1"))
        #expect(text.contains("orca orchestration ask --to term_c --question"))
        #expect(text.contains("orca orchestration send --to term_c --type escalation --subject \"Blocked:"))
        #expect(text.hasSuffix("=== TASK ===\nDo it.\nWell."))
    }

    @Test func withoutACoordinatorTheWordStandsInItsPlace() {
        let text = WorkerPreamble(coordinator: "", task: "task_1", dispatch: "ctx_1", spec: "x").text
        #expect(text.contains("--to coordinator --type worker_done"))
    }

    @Test func aCheckoutThatIsUpToDateIsNotSpokenOf() {
        var current = preamble
        current.drift = .init(base: "origin/main", commitsBehind: 0, subjects: [])
        #expect(!current.text.contains("BASE DRIFT"))
        current.drift = .init(base: "origin/main", commitsBehind: 7, subjects: ["a", "b", "c", "d", "e", "f"])
        #expect(current.text.contains("7 commits behind origin/main"))
        #expect(current.text.contains("git pull --rebase origin main"))
        #expect(current.text.contains("  - e") && !current.text.contains("  - f"))
    }

    @Test func whatWasDecidedStandsBeforeTheTask() {
        var decided = preamble
        decided.decisions = [.init(question: "Merge?", resolution: "yes")]
        #expect(
            decided.text.contains(
                "--- DECISION GATE RESOLVED ---\nQuestion: Merge?\nResolution: yes\n\n=== TASK ===\n"))
    }

    @Test func theLineThatAllowsAStaleBaseIsForUsAndNotForTheWorker() {
        let spec = "Do it.\n  Allow-Stale-Base: TRUE \nWell."
        #expect(WorkerPreamble.allowsStaleBase(spec))
        #expect(WorkerPreamble.withoutFlags(spec) == "Do it.\nWell.")
        #expect(!WorkerPreamble.allowsStaleBase("say allow-stale-base: true somewhere"))
    }
}
