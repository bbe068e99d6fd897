import OrcaAPI

extension AttemptRunner {
    /// What the command and the checks of its contract find in their environment.
    var environment: [String: String] {
        AttemptEnvironment.make(options.environment, claim, workspace: options.workspace).merging([
            "ORCA_LEASE_TOKEN_FILE": place.tokenFile,
            "ORCA_RESULT_FILE": place.resultFile,
            "ORCA_ARTIFACTS_FILE": place.artifactsFile,
            "PWD": place.tree,
        ]) { $1 }
    }
}

/// The environment of a command that works on a task.
enum AttemptEnvironment {
    /// Variables that would make git in the worktree act on another repository.
    private static let misleading: Set<String> = [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_CONFIG_PARAMETERS", "OLDPWD",
    ]

    static func make(_ inherited: [String: String], _ claim: WorkClaim, workspace: String) -> [String: String] {
        inherited.filter { !misleading.contains($0.key) }.merging(
            [
                "ORCA_TASK_ID": claim.task.id,
                "ORCA_TASK_REF": claim.task.ref,
                "ORCA_TASK_TITLE": claim.task.title,
                "ORCA_ATTEMPT_ID": claim.attempt.id,
                "ORCA_ATTEMPT_NUMBER": String(claim.attempt.number),
                "ORCA_PROJECT": claim.task.project,
                "ORCA_WORKSPACE": workspace,
                "ORCA_AGENT": claim.agent,
            ].filter { !$0.value.contains("\0") }
        ) { $1 }
    }
}
