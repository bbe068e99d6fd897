import OrcaDomain

/// What a planning agent is asked for.
enum PlanningBrief {
    private static let headlineCharactersMax = 80

    static func headline(of goal: String) -> String {
        let line = goal.split(whereSeparator: \.isNewline).first { $0.contains { !$0.isWhitespace } } ?? ""
        let words = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count <= headlineCharactersMax ? words : words.prefix(headlineCharactersMax - 3) + "..."
    }

    static func text(goal: String, run: RunID, project: String) -> String {
        """
        Make a plan for the goal below. Do not carry it out: other agents will, each with one task, each in a checkout
        of its own, several at once.

        Read as much of this repository as you need. Then write the plan to a file outside of the repository
        (a YAML file in the temporary directory) in this form:

            name: short-name
            tasks:
              - key: api                     # unique in the plan
                title: Add the endpoint
                spec: |
                  What to do, which files, what counts as done. The worker sees only this text.
              - key: tests
                title: Test the endpoint
                spec: |
                  …
                depends_on: [api]            # keys of tasks that must be finished first

        Rules: every task can be done by one agent in under an hour; tasks that touch the same files depend on each
        other; every dependency that exists is named; no task that only says "review everything".
        See 'orca plan check --help' for all fields.

        Hand it in with:

            orca orchestration plan-submit --run \(run) --file <path>

        It is checked at once. Mend what it complains about and hand it in again until it is accepted; then report
        worker_done.

        Project: \(project)

        === GOAL ===
        \(goal)
        """
    }
}
