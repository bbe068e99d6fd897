extension Skill {
    /// Worktrees, terminals and handoffs.
    package static let cli = Skill(
        name: "orca-cli",
        description:
            "Use the orca command line for worktrees and terminals, and for full ownership handoffs: start an agent in its own worktree, read, type into or wait for a terminal, give work away (hand off, handover, give this to another agent, another worktree, another model or effort). Use orchestration instead when the user wants the work supervised or its results collected.",
        body: #"""
            # The orca command line

            `orca` opens worktrees and terminals for coding agents. Every command takes `--json`: one object,
            `{id, ok, result, _meta}`, exit code 0 or 1. Terminals have handles, `term_…`, that stay valid over restarts.

            ## Handoffs

            "Hand off", "handover", "give this to another agent or worktree", with or without a model or an effort: the other
            agent owns the work from then on. Start it, give it the prompt, say where it runs, and stop. Create no task, send
            no dispatch, wait for no completion, and do not read its terminal afterwards.

            To a new worktree; the agent starts with the prompt:

            ```sh
            orca worktree create --name <name> --no-parent --agent codex --prompt "<task brief>" --json
            ```

            To an agent that runs already:

            ```sh
            orca terminal send --terminal <worker_handle> --text "<task brief>" --enter --json
            ```

            With a model or an effort of its own, which `--agent` does not take: make the worktree, start the agent by its
            command line, wait only until it takes a prompt, and send it.

            ```sh
            orca worktree create --name <other_name> --no-parent --json
            orca terminal create --worktree id:<worktree_id> --title <name> --command 'codex --model gpt-5.5 -c model_reasoning_effort="xhigh"' --json
            orca terminal wait --terminal <worker_handle> --for tui-idle --timeout-ms 60000 --json
            orca terminal send --terminal <worker_handle> --text "<task brief>" --enter --json
            ```

            A good brief stands alone: goal, where to look, what is done already, how to check it, what not to touch. The other
            agent sees nothing of your conversation, and nothing that you have not committed.

            `--no-parent` is about how worktrees are shown, not about git. Leave out `--base-branch`: new work starts from the
            repository's base, freshly fetched. Pass the branch you are on only when the user wants work on top of it.

            ## Worktrees

            ```sh
            orca repo list --json
            orca repo add --path . --json
            orca worktree list --json
            orca worktree ps --json
            orca worktree current --json
            orca worktree show --worktree name:<name> --json
            orca worktree set --worktree active --comment "Login page" --json
            orca worktree rm --worktree name:<other_name> --json
            ```

            Worktrees are named by `active`, `id:<id>`, `path:<path>`, `branch:<branch>`, `name:<name>` or
            `issue:<number>`. `worktree create` needs `--repo` outside of a worktree that Orca knows. `rm` refuses to lose
            work that is not committed or not merged, and to end terminals that are alive. Do not add `--force` on your own.

            ## Terminals

            ```sh
            orca terminal list --worktree active --json
            orca terminal create --worktree active --title tests --command "npm test" --json
            orca terminal read --terminal <worker_handle> --json
            orca terminal read --terminal <worker_handle> --screen --json
            orca terminal send --terminal <worker_handle> --text "npm run build" --enter --json
            orca terminal wait --terminal <worker_handle> --for tui-idle --timeout-ms 60000 --json
            orca terminal split --terminal <worker_handle> --direction vertical --command "git log" --json
            orca terminal stop --terminal <other_handle> --json
            orca terminal close --terminal <other_handle> --json
            ```

            - `wait` always takes `--timeout-ms`. Exit code 1 with `blockedReason` means that a dialog waits for an answer;
              with the code `timeout`, that it is still at work.
            - `send` types nothing while the agent works, while a dialog is open, or while a person types there: the answer
              has `accepted: false` and `refusedReason`. Wait, then send again.
            - `read` shows the last 120 lines. To follow on, pass the `nextCursor` of the last answer as `--cursor`.
            - Do not type into a terminal whose agent works for somebody else.
            """#)
}
