extension Skill {
    /// The task queue, without a coordinator.
    package static let tasks = Skill(
        name: "orca-tasks",
        description:
            "Work with Orca's task queue: turn a spec into a graph of tasks, claim a task, report progress, finish, fail or give it back, and see why something is not running. Use it when the user mentions orca tasks, claiming work, a task reference like API-12, or a plan to carry out.",
        body: #"""
            # Orca tasks

            A project has tasks with references like `API-12`. Exactly one agent holds a task at a time, by a lease with a
            token. The lease is kept alive by what you call; when you vanish, the task goes to somebody else.

            ## Work on a task

            ```sh
            orca ready --project <project>
            orca claim --project <project> --agent <agent_name> --json
            orca show <task_ref> --json
            orca progress <task_ref> --message "Parser written, tests next" --percent 50
            orca done <task_ref> --result "Parser and tests written; make test passes"
            ```

            - `claim` answers the best task you may do, or none (exit code 3 for a task that is not there, 4 when somebody
              else was faster). Name a task to claim that one: `orca claim <other_ref> --agent <agent_name>`.
            - Work only on what you hold. An error `lease_lost` names who has it now: stop, keep your branch, and do not try
              to finish it.
            - `done` checks what the task demands (commands and files of its contract) and refuses when it is not met. Fix
              it; do not work around it.
            - If you cannot do it, say why; it is tried again. If you just do not want it, give it back.

            ```sh
            orca fail <failing_ref> --error "The API has no pagination; see notes in the branch"
            orca release <other_ref> --reason "Needs a person"
            ```

            - A build that runs for long: `orca lease hold <held_ref> --pid <pid>` keeps the lease while that process
              lives.

            ## Make tasks

            One task per thing that can be checked by itself. Say what done means. Let independent tasks be independent.

            ```sh
            orca project create <new_project> --name "Public API" --repository .
            orca add "Write the parser" --project <project> --spec "RFC 4180, streaming" --contract-command "make test"
            orca add "Document it" --project <project> --after <task_ref>
            orca plan check plan.yaml
            orca plan import plan.yaml --project <project> --dry-run
            orca plan import plan.yaml --project <project>
            ```

            A plan file holds a whole graph:

            ```yaml
            name: parser
            tasks:
              - key: parse
                title: Write the parser
                spec: RFC 4180, streaming
              - key: docs
                title: Document it
                depends_on: [parse]
            ```

            ## Look

            ```sh
            orca list --project <project> --status ready
            orca graph --project <project>
            orca explain <task_ref>
            orca log --project <project>
            orca gates
            ```

            `explain` says why a task does not run. Questions that wait for the user are in `orca gates`; answer one with
            `orca gate answer <gate_id> yes` only when the user told you the answer.
            """#)
}
