extension Skill {
    /// For coordinators and for workers.
    package static let orchestration = Skill(
        name: "orchestration",
        description:
            "Coordinate coding agents with Orca, or work for a coordinator: dispatch tasks to agents in terminals, wait for worker_done, escalation and decision_gate mail, ask and answer questions, use decision gates, or let Orca run the whole loop. Use it when the user wants work supervised, monitored, waited for or collected, and when your prompt has a live dispatch preamble. Not for plain handoffs (hand off, handover, give this to another agent or worktree): use orca-cli for those.",
        body: #"""
            # Orchestration

            `orca` hands tasks to agents, keeps the record, and brings their answers back. All state is in Orca: ask it
            instead of remembering it. Every command takes `--json`: one object, `{id, ok, result, _meta}`, exit code 0
            or 1. An error says what to do next; do that.

            ## Which of these are you?

            - **The user gives work away** ("hand off", "handover", "give this to another agent", "another worktree"),
              also when they name a model or an effort: a full handoff. Use the skill `orca-cli`; create no task, send no
              dispatch, wait for nothing, and do not watch the other terminal.
            - **The user wants it supervised** ("supervise", "monitor", "wait for results", "track", "coordinate",
              "decision gate"): you are a coordinator; go on here.
            - **Your prompt has a live preamble** with a task id and a dispatch id: you are a worker; see the end.
            - A preamble from your terminal's history, or one that came with a handoff, is stale. Send nothing for it.

            If you cannot tell, look before you send anything:

            ```sh
            orca orchestration task-list --json
            orca orchestration dispatch-show --task <task_id> --json
            orca terminal list --json
            ```

            ## Coordinator: by hand

            Make the tasks. A task with `--deps` becomes ready when those are completed. Prefer waves of independent
            tasks; chains longer than three or four steps are slow.

            ```sh
            orca status --json
            orca orchestration task-create --spec "Fix the login button CSS. Report the files you changed." --json
            orca orchestration task-create --spec "Write a test for it." --deps '["<task_id>"]' --json
            orca orchestration task-list --ready --json
            ```

            Start a worker, and wait until it takes a prompt. In its own worktree when the work stands on its own; in the
            worktree here when it needs what is not committed. A fresh worker is a fresh agent, not always a new worktree.

            ```sh
            orca worktree create --name <name> --agent codex --json
            orca terminal create --worktree active --title <name> --command "claude" --json
            orca terminal wait --terminal <worker_handle> --for tui-idle --timeout-ms 60000 --json
            ```

            `worktree create` answers the agent's terminal as `startupTerminal.handle`. Do not open a second one for it.
            Leave out `--base-branch` unless the user asks for work on top of a branch. When `wait` answers a
            `blockedReason`, a dialog is open: read it and tell the user, or answer it.

            Hand the task over. `--inject` types the task and the worker's rules into the agent; it is refused for a bare
            shell and while a dialog is open. One terminal has one task at a time.

            ```sh
            orca orchestration dispatch --task <ready_task_id> --to <worker_handle> --inject --json
            ```

            Wait for mail. One call answers all matching unread mail; work through every message, dispatch what became
            ready, and wait again.

            ```sh
            orca orchestration check --wait --types worker_done,escalation,decision_gate --timeout-ms 900000 --json
            orca orchestration reply --id <msg_id> --body "page-only" --json
            ```

            - `worker_done`: the task is completed or failed already, and the worker is free. Its message says what it did.
            - `decision_gate`: a worker waits for your answer. Use `reply`.
            - `escalation`: somebody needs you. Read it, answer with `reply`, or change the task.
            - A wait that ends with `count: 0` is a checkpoint, not a failure: real tasks take 15 to 60 minutes. Look, and
              wait again. Never stop, close or restart a worker because it is quiet.

            ```sh
            orca orchestration task-list --json
            orca terminal read --terminal <worker_handle> --json
            orca terminal wait --terminal <worker_handle> --for tui-idle --timeout-ms 60000 --json
            ```

            A task that fails is retried by dispatching it again; after three failures in a row it is failed. A
            review-only `worker_done` reports findings: it does not allow you to edit. Dispatch the fixes, or ask. When the
            user named who owns the next step, that agent edits and opens the pull request, not you.

            ## Coordinator: let Orca do it

            With `run`, Orca starts workers in fresh worktrees, hands the tasks out, retries, merges finished branches,
            and reports. It goes on when the server restarts. With `--planner` an agent makes the tasks from the spec
            first; without, the tasks that exist are used.

            ```sh
            orca orchestration run --spec "Ship the settings page" --max-concurrent 3 --agents codex,claude --json
            orca orchestration run --spec "Fix the open bugs" --worktree active --json
            orca orchestration check --wait --timeout-ms 900000 --json
            orca orchestration run-stop --json
            ```

            ## Decisions

            A gate blocks a task until it is decided. Use it for your own tasks; a worker's `ask` is answered with `reply`.
            `--audience user` puts it before the person (`orca gates`).

            ```sh
            orca orchestration gate-create --task <task_id> --question "Merge it?" --options '["yes","no"]' --json
            orca orchestration gate-list --status pending --json
            orca orchestration gate-resolve --id <gate_id> --resolution "yes" --json
            ```

            ## Mail

            ```sh
            orca orchestration send --to <worker_handle> --subject "Rebase first" --body "main has moved." --json
            orca orchestration send --to @idle --subject "Who is free?" --json
            orca orchestration inbox --limit 20 --json
            ```

            Leave out `--from`: it is you. Groups are `@all`, `@idle`, `@claude`, `@codex`, `@gemini`, `@opencode`,
            `@droid`, `@cursor` and `@worktree:<id>`; use them for news only. `worker_done` and `heartbeat` go to one
            coordinator, never to a group.

            ## Worker

            Only with a live preamble in the prompt you were given. It names the coordinator, the task and the dispatch; the
            commands below are the same as there.

            - Do what the task says, and nothing that belongs to others.
            - A question that stops you: `ask`, which waits for the answer and prints it. Never open a question dialog of
              your own: nobody sits at your terminal.

            ```sh
            orca orchestration ask --to <coordinator_handle> --question "Shared component or this page only?" --options "shared,page-only" --timeout-ms 600000 --json
            ```

            - While you work for long, when the preamble asks for it:

            ```sh
            orca orchestration send --to <coordinator_handle> --type heartbeat --subject "alive" --task-id <live_task_id> --dispatch-id <dispatch_id> --phase "implementing" --json
            ```

            - Something the coordinator must act on:

            ```sh
            orca orchestration send --to <coordinator_handle> --type escalation --subject "Blocked: no credentials" --body "What I tried, and what I need." --task-id <live_task_id> --json
            ```

            - At the end, exactly once, also when it failed (`--outcome failed`): three sentences on what you did, what you
              found, and what is left. Then stop; new work comes as a new prompt.

            ```sh
            orca orchestration send --to <coordinator_handle> --type worker_done --subject "Login button fixed" --body "Fixed the padding. Found no other page with it. Nothing is left." --task-id <live_task_id> --dispatch-id <dispatch_id> --files-modified "src/login.css" --json
            ```

            An answer with `lifecycle.accepted: false` means that this dispatch is not yours any more. Stop working on it.

            ## Recovery

            Your context is gone, or Orca was restarted: nothing is lost. `task-list`, `dispatch-show` and `inbox` show
            where everything stands, and terminal handles stay valid. `orca orchestration reset` throws state away for
            everybody; use it only when the user says so.
            """#)
}
