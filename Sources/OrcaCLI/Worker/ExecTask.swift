import OrcaAPI
import OrcaDomain
import OrcaSupport
import OrcaWorker

/// `orca exec`
enum ExecTask {
    static var command: Command {
        Command(
            "exec", "Claim a task, run a program here that keeps its lease, and report how it ended.",
            section: .workers,
            flags: [
                .value("task", .entity(.task), "TASK", "Ref or id of the task.", required: true),
                .value("agent", short: "a", .entity(.agent), "NAME", "Who claims; $ORCA_AGENT."),
                .value("ttl", .duration, "DURATION", "How long the lease lives when this process dies; the project's."),
            ],
            rest: .init("COMMAND ...", "The program and its arguments.", required: true),
            discussion:
                "The exit code is the program's. Code 0 completes the task, when its contract holds here; any other fails the attempt.",
            examples: [
                .init("orca exec --task API-12 --agent me -- make release", "The task is held while make runs.")
            ], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        guard let agent = call.text("agent") ?? call.context.variable("ORCA_AGENT") else {
            throw .usage("'\(call.parsed.title)' needs --agent NAME (or $ORCA_AGENT).")
        }
        var exec = ExecCommand(
            task: call.required("task"), agent: agent, command: call.rest, directory: call.context.workingDirectory,
            environment: try WorkFlags.environment(call), stateDirectory: call.context.places.stateDirectory,
            host: call.context.hostName)
        exec.workspace = call.workspace
        exec.leaseTTLMS = Int32(clamping: call.milliseconds("ttl") ?? 0)
        let progress = WorkProgress(call)
        let client = try call.client()
        call.context.out.flush()
        let result = try Interruption.watching { (stop) throws(APIError) in
            try exec.run(client: client, stop: stop, observer: progress.observer)
        }
        call.exitCode = result.status?.shellCode ?? 1
        switch result.outcome {
        case .completed: call.note("\(result.claim.ref) is completed.")
        case .failed(let error, let isFinal):
            call.note("\(result.claim.ref) failed\(isFinal ? " for good" : "; it will be tried again"): \(error)")
            if call.exitCode == 0 { call.exitCode = 1 }
        case .released: call.note("\(result.claim.ref) was given back.")
        case .lost(let reason): throw APIError("lease_lost", .conflict, reason)
        }
    }
}
