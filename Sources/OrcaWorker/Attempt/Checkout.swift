package import OrcaAPI
import OrcaDomain
package import OrcaGit
import OrcaSupport

/// Where an attempt's work is done and what it started from.
package struct Checkout: Sendable, Hashable {
    package let branch: String
    package let start: ObjectID
    /// Finished tasks whose work is in `start`.
    package let inputs: [OrcaV1.Task]
    /// Something the person should know about the base.
    package let warning: String?
}

/// Makes the worktree of an attempt: the base as it is now, with the branches of its dependencies merged in.
struct CheckoutMaker {
    let repository: GitRepository
    let client: PatientClient
    let workspace: String
    let base: String
    let stop: StopSignal

    func make(_ claim: WorkClaim, at directory: String) throws(APIError) -> Checkout {
        let fresh = try translating { () throws(GitError) in try repository.freshBase(base) }
        var start = fresh.commit
        var inputs: [OrcaV1.Task] = []
        var seen: Set<String> = [claim.task.id]
        for dependency in claim.task.dependencies {
            for input in try finished(dependency.task, &seen) {
                start = try add(input, to: start, claim, merged: inputs)
                inputs.append(input.task)
            }
        }
        let branch = try addWorktree(directory, claim, start)
        return Checkout(branch: branch, start: start, inputs: inputs, warning: fresh.warning)
    }

    private typealias Input = (task: OrcaV1.Task, commit: ObjectID)

    /// The work of a dependency. One that was finished without a commit stands for what it depended on itself.
    private func finished(_ id: String, _ seen: inout Set<String>) throws(APIError) -> [Input] {
        guard seen.insert(id).inserted else { return [] }
        var request = OrcaV1.GetTaskRequest()
        request.workspace = workspace
        request.task = id
        guard let task = try client.call(Operations.getTask, request, giveUp: stop).task else { return [] }
        if task.status == .completed, let commit = try commit(of: task) { return [(task, commit)] }
        var inputs: [Input] = []
        for dependency in task.dependencies { inputs += try finished(dependency.task, &seen) }
        return inputs
    }

    private func commit(of task: OrcaV1.Task) throws(APIError) -> ObjectID? {
        try translating { () throws(GitError) in
            if let id = ObjectID(task.commit), let found = try repository.commit(id.text) { return found }
            return task.branch.isEmpty ? nil : try repository.branchTip(task.branch)
        }
    }

    private func add(
        _ input: Input, to start: ObjectID, _ claim: WorkClaim, merged: [OrcaV1.Task]
    ) throws(APIError) -> ObjectID {
        do throws(GitError) {
            return try repository.merged(start, input.commit, message: "Merge \(input.task.ref) for \(claim.ref)")
        } catch {
            guard error.code == .mergeConflict else { throw error.apiError }
            let others = merged.isEmpty ? "the base" : merged.map(\.ref).joined(separator: ", ")
            throw APIError(
                "dependency_conflict", .conflict,
                "The work of \(input.task.ref) and \(others), which \(claim.ref) needs, does not fit together: conflict in "
                    + "\(error.files.prefix(10).joined(separator: ", ")). Merge \(input.task.branch) by hand into the base, or "
                    + "make one of the two depend on the other, then run 'orca task retry \(claim.ref)'.",
                details: ["files": error.files.joined(separator: "\n"), "task": input.task.ref])
        }
    }

    /// The branch is named after the attempt. A branch of that name from an earlier database is left alone.
    private func addWorktree(_ directory: String, _ claim: WorkClaim, _ start: ObjectID) throws(APIError) -> String {
        let plain = "orca/\(claim.ref)/\(claim.attempt.number)"
        let unique = "\(plain)-\(claim.attempt.id.suffix(6))"
        return try translating { () throws(GitError) in
            do throws(GitError) {
                try repository.addWorktree(directory, branch: plain, at: start)
                return plain
            } catch {
                guard error.code == .branchExists else { throw error }
                try repository.addWorktree(directory, branch: unique, at: start)
                return unique
            }
        }
    }
}

/// Runs git work whose errors go to people as the one error of the API.
func translating<R>(_ body: () throws(GitError) -> R) throws(APIError) -> R {
    do throws(GitError) { return try body() } catch { throw error.apiError }
}
