import OrcaAPI
import OrcaPlan
import OrcaProtobuf
import Testing

@Suite struct YAMLPlanTests {
    @Test func readsEveryField() throws {
        let plan = try read(
            """
            name: release
            tasks:
              - key: build
                title: Build it
                spec: |
                  Run the build.

                  Then look.
                priority: 5
                tags: [swift, linux]
                labels: fast, small
                capabilities: ["memory_gb>=16"]
                not_before: 2030-01-31T08:00:00Z
                retry: {max_attempts: 5, backoff_initial_ms: 100, backoff_max_ms: 2000}
                contract:
                  - command: make test
                  - file: build/out
                  - make lint
                context: {area: core, "spaced name": "x y"}
                assignee: mule
              - title: Ship the thing
                parent: build
                depends_on:
                  - build
                  - {key: docs, policy: ignore}
              - key: docs
                title: "Docs"
            """)
        #expect(plan.name == "release")
        let build = try #require(plan.tasks.first)
        #expect(build.key == "build" && build.title == "Build it" && build.priority == 5 && build.assignee == "mule")
        #expect(build.spec == "Run the build.\n\nThen look.\n")
        #expect(build.tags == ["swift", "linux"] && build.labels == ["fast", "small"])
        #expect(build.capabilities == ["memory_gb>=16"])
        #expect(build.notBefore?.seconds == 1_896_076_800)
        #expect(
            build.retry?.maxAttempts == 5 && build.retry?.backoffInitialMs == 100 && build.retry?.backoffMaxMs == 2000)
        #expect(
            build.contract.map(\.requirement) == [.command("make test"), .file("build/out"), .command("make lint")])
        #expect(build.context == ["area": "core", "spaced name": "x y"])
        #expect(plan.tasks[1].key == "ship-the-thing" && plan.tasks[1].parent == "build")
        #expect(plan.tasks[1].dependsOn.map(\.key) == ["build", "docs"])
        #expect(plan.tasks[1].dependsOn.map(\.policy) == [.unspecified, .ignore])
    }

    @Test func takesTheNameFromTheFileWhenThereIsNone() throws {
        #expect(try read("tasks: [{title: a}]", "dir/my plan.yaml").name == "my plan")
    }

    @Test func expandsAliases() throws {
        let plan = try read(
            """
            tasks:
              - {key: a, title: A, tags: &t [x, y]}
              - {key: b, title: B, tags: *t}
            """)
        #expect(plan.tasks[1].tags == ["x", "y"])
    }

    @Test func tellsAllMistakesAtOnceWithTheirPlaces() {
        let lines = complaints(
            """
            tasks:
              - key: a
                titel: A
              - key: b
                title: B
                priority: much
                depends_on: [c, aa]
              - key: b
                title: C
                tags: {x: y}
            color: red
            """)
        #expect(
            lines == [
                "plan.yaml:2:5: the task has no title. Add `title: …`.",
                "plan.yaml:3:5: 'titel' is no field of a task. Did you mean 'title'?",
                "plan.yaml:6:15: `priority` is a whole number from -1000 to 1000, not 'much'.",
                "plan.yaml:7:18: no task of this plan has the key 'c' (in `depends_on`). Did you mean 'a'?",
                "plan.yaml:7:21: no task of this plan has the key 'aa' (in `depends_on`). Did you mean 'a'?",
                "plan.yaml:8:10: the key 'b' is there twice, first in line 4. Give one of the tasks another `key`.",
                "plan.yaml:10:11: `tags` is a list, not a map. Begin each of its items with '- '.",
                "plan.yaml:11:1: 'color' is no field of a plan. Allowed are name, tasks.",
            ])
    }

    @Test func namesTheWholePathOfACycle() {
        let lines = complaints(
            """
            tasks:
              - {key: a, title: A, depends_on: [c]}
              - {key: b, title: B, depends_on: [a]}
              - {key: c, title: C, depends_on: [b]}
            """)
        #expect(lines == ["plan.yaml:3:37: `depends_on` goes round in a circle: a → c → b → a. Remove one of these."])
    }

    @Test func refusesATaskThatWaitsForItself() {
        let lines = complaints("tasks:\n  - {key: a, title: A, depends_on: a}")
        #expect(lines == ["plan.yaml:2:36: `depends_on` goes round in a circle: a → a. Remove one of these."])
    }

    @Test func refusesACycleOfParents() {
        let lines = complaints(
            """
            tasks:
              - {key: a, title: A, parent: b}
              - {key: b, title: B, parent: a}
            """)
        #expect(lines.count == 1)
        #expect(lines.first?.contains("`parent` goes round in a circle: a → b → a") == true)
    }

    @Test func refusesAFieldThatIsThereTwice() {
        let lines = complaints("tasks:\n  - key: a\n    title: A\n    title: B\n")
        #expect(lines == ["plan.yaml:4:5: 'title' is there twice, first in line 3. Remove one."])
    }

    @Test func pointsAtBrokenSyntax() {
        let lines = complaints("tasks:\n  - title: a\n   key: b\n")
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("plan.yaml:3:4: YAML: ") == true)
    }

    @Test func pointsAtBytesThatAreNotUTF8() {
        let lines = complaints(Array("tasks:\n  - title: é".utf8) + [0xC3, 0x28] + Array("\n".utf8))
        #expect(lines == ["plan.yaml:2:13: byte 0xc3 is not UTF-8 here. Save the file as UTF-8."])
    }

    @Test func refusesControlCharacters() {
        #expect(
            complaints("tasks:\n  - title: a\u{1B}[2J").first?.hasPrefix("plan.yaml:2:13: the control character 0x1b")
                == true)
    }

    @Test func refusesAFileThatIsTooLong() {
        let bytes = [UInt8](repeating: 0x20, count: PlanLimits.fileBytesMax + 1)
        #expect(complaints(bytes).first?.contains("the most is 4194304") == true)
    }

    @Test func refusesTooManyTasks() {
        let text = "tasks:\n" + String(repeating: "- {title: a}\n", count: 10_001)
        #expect(complaints(text) == ["plan.yaml:10002:3: the plan has 10001 tasks; the most is 10000. Split it."])
    }

    @Test func stopsAnAliasBombEarly() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(complaints(text).first?.contains("the plan grows beyond") == true)
    }

    @Test func stopsDeepNesting() {
        let text = "tasks: " + String(repeating: "[", count: 5000)
        #expect(complaints(text).first?.contains("inside each other") == true)
    }

    @Test(arguments: [
        "", "# only a comment\n", "- a\n", "just text", "tasks: 5", "tasks: []", "tasks: [5]", "tasks:\n", "[", "{",
        "\u{FEFF}", "a: *b",
    ])
    func refusesWhatIsNoPlan(text: String) {
        #expect(!complaints(text).isEmpty)
    }

    @Test func refusesFilesOutsideTheCheckout() {
        let lines = complaints(
            "tasks:\n  - {title: a, contract: [{file: ../x}, {file: /etc/passwd}, {command: a, file: b}]}")
        #expect(lines.count == 3)
    }

    @Test func readsTenThousandTasksQuickly() throws {
        var text = "tasks:\n"
        for number in 0..<10_000 {
            text +=
                "  - {key: t\(number), title: Task \(number)\(number > 0 ? ", depends_on: [t\(number - 1)]" : "")}\n"
        }
        #expect(try read(text).tasks.count == 10_000)
    }
}
