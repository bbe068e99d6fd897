package import OrcaDomain
import OrcaStore

/// What an attempt delivers when it ends.
package struct WorkOutcome: Sendable, Hashable {
    package var result = ""
    package var branch = ""
    package var commit = ""
    package var artifacts: [String] = []
    package var checks: [ContractCheck] = []
    package var transcript = ""

    package init() {}

    func check() throws {
        try Names.checkLength(result, max: Limits.resultBytesMax, field: "result")
        try Names.checkLength(branch, max: Limits.textBytesMax, field: "branch")
        try Names.checkLength(commit, max: Limits.textBytesMax, field: "commit")
        try Names.checkLength(transcript, max: Limits.textBytesMax, field: "transcript")
        try Names.checkCount(artifacts.count, max: Limits.artifactsMax, field: "artifacts")
        try Names.checkCount(checks.count, max: Limits.contractItemsMax * 2, field: "checks")
        for artifact in artifacts { try Names.checkLength(artifact, max: Limits.textBytesMax, field: "artifacts") }
        for check in checks { try Names.checkLength(check.detail, max: Limits.textBytesMax, field: "checks") }
    }

    func write(to attempt: inout Attempt) {
        attempt.result = result
        attempt.branch = branch
        attempt.commit = commit
        attempt.artifacts = artifacts
        attempt.checks = checks
        attempt.transcript = transcript
    }

    /// The task shows the outcome of its last attempt.
    func write(toBodyOf task: WorkTask, error: String, in tx: any StoreTransaction) throws {
        let before = try Lookup(tx).body(of: task.id)
        var body = before
        body.result = result
        body.error = error
        body.branch = branch
        body.commit = commit
        if body != before { try tx.save(body, of: task.id) }
    }
}
