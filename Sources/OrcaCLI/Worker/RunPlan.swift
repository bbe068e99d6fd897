import OrcaAPI
import OrcaDomain
import OrcaPlan
import OrcaSupport
import OrcaWorker

/// `orca run`
package enum RunPlan {
    /// Times that conflicts are made tasks and worked on before they are left to the person.
    private static let roundsMax = 3

    static var command: Command {
        Command(
            "run", "Carry out a whole plan: import it, let workers do it, merge what they made.", section: .workers,
            arguments: [PlanCommands.file],
            flags: WorkFlags.all + [PlanCommands.format] + MergeCommand.flags + [
                .toggle("no-merge", "Leave the branches as they are.")
            ],
            rest: WorkFlags.rest,
            discussion: """
                The project is --project, else it is named after the plan; it is made when it does not exist. The run ends \
                when nothing is left that could still be done, with a table of all tasks, and with exit code 1 when anything \
                failed. Started again after an interruption, it goes on where it was: nothing that is finished is repeated.


                """ + WorkFlags.discussion,
            examples: [.init("orca run plan.yaml --repo . --agents 4 -- ./work.sh", "Four workers.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let file = call.required("file")
        let plan = try PlanCommands.read(file, call, format: call.text("format").flatMap { PlanFormat(rawValue: $0) })
        let repository = WorkFlags.repository(call)
        let key = call.project ?? projectKey(plan.name, repository)
        var options = try WorkFlags.options(call, project: key, repository: repository)
        options.untilEmpty = true
        let progress = WorkProgress(call)
        let pool = try WorkerPool(options, client: try call.client(), observer: progress.observer)
        try makeProject(key, plan, repository, call)
        try importPlan(plan, key, call, progress)
        var summary = WorkSummary()
        var merge: MergeSummary?
        var wasInterrupted = false
        for round in 1...roundsMax {
            try Interruption.watching { (stop) throws(APIError) in
                summary = pool.run(stop: stop)
                wasInterrupted = stop.isRaised
            }
            if call.isOn("no-merge") || wasInterrupted || summary.failure != nil { break }
            merge = try MergeCommand.merge(call, project: key, repository: repository).continuing(merge)
            let hasNewTasks = merge?.rows.contains { row in
                if case .conflict(_, _, let resolution) = row.outcome { !resolution.isEmpty } else { false }
            }
            if hasNewTasks != true || round == roundsMax { break }
            progress.line("Conflicts became tasks; working on them.")
        }
        let report = try RunReport.read(call, project: key, plan: plan.name, merge: merge)
        report.show(call)
        if let failure = summary.failure { throw failure }
        if wasInterrupted {
            call.note("Interrupted. Go on with the same command; nothing that is finished is repeated.")
            call.exitCode = 130
        } else if !report.isFine {
            call.note("Something failed: 'orca attempt list' shows every try, 'orca explain TASK' why one is not done.")
            call.exitCode = 1
        }
    }

    /// A project key made of a name: its letters and digits in upper case, a letter first, at most ten.
    package static func projectKey(_ name: String, _ repository: String) -> String {
        for source in [name, Files.split(repository).name] {
            let letters = source.uppercased().utf8.filter { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
            let key = letters.drop { $0 < 0x41 }.prefix(Limits.projectKeyBytesMax)
            if !key.isEmpty { return String(decoding: key, as: UTF8.self) }
        }
        return "PLAN"
    }

    private static func makeProject(
        _ key: String, _ plan: OrcaV1.Plan, _ repository: String, _ call: Invocation
    ) throws(APIError) {
        var create = OrcaV1.CreateProjectRequest()
        create.workspace = call.workspace
        create.key = key
        create.name = plan.name
        create.repository = repository
        create.baseBranch = call.text("base") ?? ""
        do throws(APIError) {
            _ = try call.call(Operations.createProject, create)
            call.note("Made the project \(key).")
        } catch {
            guard error.code == ErrorCode.alreadyExists.rawValue else { throw error }
        }
    }

    private static func importPlan(
        _ plan: OrcaV1.Plan, _ key: String, _ call: Invocation, _ progress: WorkProgress
    ) throws(APIError) {
        var request = OrcaV1.ImportPlanRequest()
        request.workspace = call.workspace
        request.project = key
        request.plan = plan
        let answer = try call.call(Operations.importPlan, request)
        progress.line(
            "Plan '\(TextWidth.inert(plan.name))' in project \(key): \(answer.created) \(answer.created == 1 ? "task" : "tasks") created, \(answer.updated) updated, \(answer.unchanged) unchanged."
        )
    }
}
