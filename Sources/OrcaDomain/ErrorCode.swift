/// Every reason for which an operation can be refused. The raw value is stable: scripts match on it.
package enum ErrorCode: String, Sendable, Hashable, CaseIterable {
    // The request itself.
    case invalidArgument = "invalid_argument"
    case invalidLimit = "invalid_limit"
    case limitExceeded = "limit_exceeded"
    case dependencyCycle = "dependency_cycle"
    case unknownDependency = "unknown_dependency"
    case unknownParent = "unknown_parent"
    case planInvalid = "plan_invalid"
    case cursorInvalid = "cursor_invalid"

    // What it names is not there.
    case workspaceNotFound = "workspace_not_found"
    case projectNotFound = "project_not_found"
    case taskNotFound = "task_not_found"
    case attemptNotFound = "attempt_not_found"
    case leaseNotFound = "lease_not_found"
    case agentNotFound = "agent_not_found"
    case tokenNotFound = "token_not_found"
    case dependencyNotFound = "dependency_not_found"
    case terminalStale = "terminal_handle_stale"
    case dispatchNotFound = "dispatch_not_found"
    case gateNotFound = "gate_not_found"
    case runNotFound = "run_not_found"
    case messageNotFound = "message_not_found"
    case questionNotFound = "question_not_found"
    case recipientNotFound = "recipient_not_found"
    case noRecipients = "no_recipients"
    case nothingReady = "nothing_ready"
    case serverNotFound = "server_not_found"
    case repoNotFound = "repo_not_found"
    case selectorNotFound = "selector_not_found"
    case lineageParentNotFound = "LINEAGE_PARENT_NOT_FOUND"

    // It collides with what is there.
    case selectorAmbiguous = "selector_ambiguous"
    case lineageParentCycle = "LINEAGE_PARENT_CYCLE"
    case workWouldBeLost = "work_would_be_lost"
    case alreadyExists = "already_exists"
    case versionConflict = "version_conflict"
    case idempotencyMismatch = "idempotency_mismatch"
    case invalidTransition = "invalid_transition"
    case taskNotReady = "task_not_ready"
    case taskHeld = "task_held"
    case taskFinished = "task_finished"
    case leaseLost = "lease_lost"
    case notEligible = "not_eligible"
    case agentBusy = "agent_busy"
    case agentDraining = "agent_draining"
    case projectFull = "project_full"
    case contractUnverified = "contract_unverified"
    case notEmpty = "not_empty"
    case inUse = "in_use"
    case offerPending = "offer_pending"
    case gateClosed = "gate_closed"
    case runActive = "run_active"
    case runEnded = "run_ended"
    case terminalBusy = "terminal_busy"
    case terminalBlocked = "terminal_blocked"
    case terminalGone = "terminal_gone"
    case terminalExited = "terminal_exited"
    case noAgent = "no_agent"
    /// On the machine of another server.
    case elsewhere
    case resyncRequired = "resync_required"

    // The caller.
    case unauthenticated
    case permissionDenied = "permission_denied"

    // git.
    case notARepository = "not_a_repository"
    case baseNotFound = "base_not_found"
    case fetchFailed = "fetch_failed"
    case gitFailed = "git_failed"

    // The server.
    case unavailable
    case storeBusy = "store_busy"
    case storeFull = "store_full"
    case storeCorrupt = "store_corrupt"
    case schemaTooNew = "schema_too_new"
    case terminalsUnavailable = "terminals_unavailable"
    case tmuxMissing = "tmux_missing"
    case tmuxTooOld = "tmux_too_old"
    case overloaded
    /// Whoever asked does not wait for the answer any more.
    case canceled
    case deadlineExceeded = "deadline_exceeded"
    case unimplemented
    case `internal`

    /// The class that decides HTTP status and exit code.
    package var category: ErrorCategory {
        switch self {
        case .invalidArgument, .invalidLimit, .limitExceeded, .dependencyCycle, .unknownDependency, .unknownParent,
            .planInvalid,
            .cursorInvalid:
            .invalidArgument
        case .workspaceNotFound, .projectNotFound, .taskNotFound, .attemptNotFound, .leaseNotFound, .agentNotFound,
            .tokenNotFound, .dependencyNotFound, .terminalStale,
            .dispatchNotFound, .gateNotFound, .runNotFound, .messageNotFound, .questionNotFound,
            .recipientNotFound, .serverNotFound, .noRecipients, .nothingReady:
            .notFound
        case .selectorAmbiguous, .lineageParentCycle, .workWouldBeLost, .alreadyExists, .versionConflict,
            .idempotencyMismatch, .invalidTransition, .taskNotReady, .taskHeld,
            .taskFinished, .leaseLost, .notEligible, .agentBusy, .agentDraining, .projectFull, .contractUnverified,
            .notEmpty, .inUse, .offerPending, .gateClosed, .runActive, .runEnded, .terminalBusy, .terminalBlocked,
            .terminalGone, .terminalExited, .noAgent, .elsewhere, .resyncRequired:
            .conflict
        case .repoNotFound, .selectorNotFound, .lineageParentNotFound, .notARepository, .baseNotFound: .notFound
        case .fetchFailed, .gitFailed: .unavailable
        case .unauthenticated: .unauthenticated
        case .permissionDenied: .permissionDenied
        case .overloaded: .resourceExhausted
        case .unavailable, .storeBusy, .storeFull, .schemaTooNew, .storeCorrupt,
            .terminalsUnavailable, .tmuxMissing, .tmuxTooOld, .canceled:
            .unavailable
        case .deadlineExceeded: .deadlineExceeded
        case .unimplemented, .internal: .internal
        }
    }
}

/// The classes of errors; transports map these and nothing else.
package enum ErrorCategory: String, Sendable, Hashable, CaseIterable {
    case invalidArgument = "invalid_argument"
    case unauthenticated
    case permissionDenied = "permission_denied"
    case notFound = "not_found"
    /// It collides with what is there: already exists, held, lost lease, stale version, wrong state.
    case conflict
    case resourceExhausted = "resource_exhausted"
    case unavailable
    case deadlineExceeded = "deadline_exceeded"
    case `internal`
}
