import OrcaAPI
import OrcaPlan
import Testing

@Suite struct MarkdownPlanTests {
    private let text = """
        # The release

        Some words about it that belong to no task.

        ## Build *it* {#build}

        - priority: 5
        - tags: swift, linux
        - contract:
          - command: make test
          - file: build/out
        - context: {area: core}

        Run the **build**.

        ### A part of the spec

        - an ordinary list

        ## Ship the thing

        ```orca
        depends_on: [build, {key: docs, policy: cancel}]
        ```

        - not fields, just a list

        ## Docs

        """

    @Test func makesATaskOfEverySection() throws {
        let plan = try read(text, "plan.md")
        #expect(plan.name == "The release")
        #expect(plan.tasks.map(\.key) == ["build", "ship-the-thing", "docs"])
        #expect(plan.tasks.map(\.title) == ["Build it", "Ship the thing", "Docs"])
        #expect(plan.tasks[0].priority == 5 && plan.tasks[0].tags == ["swift", "linux"])
        #expect(plan.tasks[0].contract.map(\.requirement) == [.command("make test"), .file("build/out")])
        #expect(plan.tasks[0].context == ["area": "core"])
        #expect(plan.tasks[0].spec == "Run the **build**.\n\n### A part of the spec\n\n- an ordinary list")
        #expect(plan.tasks[1].dependsOn.map(\.policy) == [.unspecified, .cancel])
        #expect(plan.tasks[1].spec == "- not fields, just a list")
        #expect(plan.tasks[2].spec.isEmpty)
    }

    @Test func pointsIntoTheFile() {
        let lines = complaints(
            """
            # P

            ## A {#a}

            - priority: high
            - tgas: x
            - depends_on: b

            ## C

            ```orca
            retry: {max_atempts: 3}
            ```
            """, "plan.md")
        #expect(
            lines == [
                "plan.md:5:13: `priority` is a whole number from -1000 to 1000, not 'high'.",
                "plan.md:6:3: 'tgas' is no field of a task. Did you mean 'tags'?",
                "plan.md:7:15: no task of this plan has the key 'b' (in `depends_on`). Did you mean 'a'?",
                "plan.md:12:9: 'max_atempts' is no field of retry. Did you mean 'max_attempts'?",
            ])
    }

    @Test func refusesTwoNames() {
        #expect(
            complaints("# A\n\n## t\n\n# B\n", "plan.md").first?.hasPrefix("plan.md:5:1: a second '#' heading") == true)
    }

    @Test func refusesAFileWithoutSections() {
        #expect(complaints("Nothing here.", "plan.md") == ["plan.md:1:1: the plan has no tasks. Add at least one."])
    }

    @Test func refusesATitleThatMakesNoKey() {
        #expect(complaints("## …\n", "plan.md").first?.contains("a key has 1 to 64") == true)
    }
}
