import OrcaAPI
import OrcaPlan
import Testing

@Suite struct JSONPlanTests {
    @Test func readsAPlan() throws {
        let plan = try read(
            #"{"name": "p", "tasks": [{"key": "a", "title": "A \ud83d\ude00", "priority": -3}]}"#, "plan.json")
        #expect(plan.name == "p" && plan.tasks[0].title == "A 😀" && plan.tasks[0].priority == -3)
    }

    @Test func pointsAtMistakes() {
        let lines = complaints("{\n  \"tasks\": [\n    {\"key\": \"a\", \"titel\": 1}\n  ]\n}", "plan.json")
        #expect(
            lines == [
                "plan.json:3:5: the task has no title. Add `title: …`.",
                "plan.json:3:18: 'titel' is no field of a task. Did you mean 'title'?",
            ])
    }

    @Test func pointsAtBrokenSyntax() {
        let lines = complaints("{\n  \"tasks\": [,]\n}", "plan.json")
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("plan.json:2:13: JSON: ") == true)
    }

    @Test(arguments: ["{", "{\"tasks\": [{}", "nul", "[]", "\"x\"", "{} {}", ""])
    func refusesWhatIsNoPlan(text: String) {
        #expect(!complaints(text, "plan.json").isEmpty)
    }
}
