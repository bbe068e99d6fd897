import OrcaDomain
package import OrcaStore

/// What every store must do. A store's tests run each case on a fresh one.
package enum StoreContract {
    package enum Case: String, Sendable, CaseIterable {
        case everythingReadsBackAsItWasWritten
        case aFailedTransactionLeavesNothing
        case aTransactionSeesWhatItWrote
        case transactionsAreSerialised
        case oneFailureDoesNotTouchItsNeighbours
        case uniqueKeysAreUnique
        case staleVersionsAreRefused
        case pagesAreCompleteAndInOrder
        case theQueueIsInClaimOrder
        case dueTasksAreFound
        case eventNumbersHaveNoGaps
        case compactionForgetsTheOldest
        case repliesAreForgottenByAge
        case countsFollowTheTasks
        case readersSeeWhatIsCommitted
        case commitsAreSignalled
        case mailIsKeptWithItsLedger
        case questionsAreKeptWithTheirAnswers
        case repositoriesAndWorktreesAreKept
        case orchestrationReadsBackAsItWasWritten
        case aClosedStoreSaysSo
    }

    /// Throws `ContractBreach` when the store does not do what it must.
    package static func check(_ part: Case, on store: any Store) async throws {
        switch part {
        case .everythingReadsBackAsItWasWritten: try await roundTrip(store)
        case .aFailedTransactionLeavesNothing: try await failedTransaction(store)
        case .aTransactionSeesWhatItWrote: try await ownChanges(store)
        case .transactionsAreSerialised: try await serialised(store)
        case .oneFailureDoesNotTouchItsNeighbours: try await neighbours(store)
        case .uniqueKeysAreUnique: try await uniqueKeys(store)
        case .staleVersionsAreRefused: try await staleVersions(store)
        case .pagesAreCompleteAndInOrder: try await pages(store)
        case .theQueueIsInClaimOrder: try await queue(store)
        case .dueTasksAreFound: try await due(store)
        case .eventNumbersHaveNoGaps: try await eventNumbers(store)
        case .compactionForgetsTheOldest: try await compaction(store)
        case .repliesAreForgottenByAge: try await replies(store)
        case .countsFollowTheTasks: try await counts(store)
        case .readersSeeWhatIsCommitted: try await readers(store)
        case .commitsAreSignalled: try await signals(store)
        case .mailIsKeptWithItsLedger: try await mail(store)
        case .questionsAreKeptWithTheirAnswers: try await questions(store)
        case .repositoriesAndWorktreesAreKept: try await checkouts(store)
        case .orchestrationReadsBackAsItWasWritten: try await orchestration(store)
        case .aClosedStoreSaysSo: try await closed(store)
        }
    }
}

/// Something a store must do and does not.
package struct ContractBreach: Error, CustomStringConvertible {
    package var description: String

    package init(description: String) {
        self.description = description
    }
}

func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw ContractBreach(description: what()) }
}

func requireEqual<Value: Equatable>(_ found: Value, _ expected: Value, _ what: @autoclosure () -> String) throws {
    if found != expected { throw ContractBreach(description: "\(what()): found \(found), expected \(expected)") }
}

/// Rows for contract tests, all ids made from plain words.
enum Samples {
    static let now = Timestamp(milliseconds: 1_767_225_600_000)
    static let workspace = Workspace(id: WorkspaceID(suffix: "w"), name: "contract", about: "“quoted”", at: now)

    static var project: Project {
        var project = Project(id: ProjectID(suffix: "p"), workspace: workspace.id, key: "API", name: "Api", at: now)
        project.settings.allowedAgentTags = ["a", "b"]
        project.settings.concurrentMax = 7
        project.settings.distribution = .capacity
        project.settings.adoptsLateCompletions = false
        project.settings.retry = RetryPolicy(attemptsMax: 9, backoffInitialMS: 1, backoffMaxMS: 2)
        project.repository = "/a b"
        project.baseBranch = "main"
        return project
    }

    static func task(_ number: Int, status: TaskStatus = .ready) -> WorkTask {
        let padded = String(repeating: "0", count: 6 - String(number).count) + String(number)
        var task = WorkTask(
            id: TaskID(suffix: padded), workspace: workspace.id, project: project.id, ref: "API-\(number)",
            number: number, title: "Task \(number) ✓", createdBy: "me", at: now)
        task.status = status
        task.isQueued = status == .ready
        return task
    }

    static func lease(of task: WorkTask, agent: Agent, expiresIn: Int64 = 60_000) -> Lease {
        Lease(
            id: LeaseID(suffix: "l\(task.number)"), workspace: workspace.id, project: task.project, task: task.id,
            taskRef: task.ref, attempt: AttemptID(suffix: "l\(task.number)"), agent: agent.id, agentName: agent.name,
            token: 1, ttlMS: expiresIn, at: now)
    }

    static func event(_ number: Int, _ type: EventType = .taskCreated) -> EventDraft {
        EventDraft(
            workspace: workspace.id, type: type, entityID: "entity-\(number % 3)", at: now, actor: "me",
            operation: "Test", requestID: "r", idempotencyKey: "k", data: ["number": .number(Int64(number))])
    }

    static func prepare(_ store: any Store) async throws {
        try await store.write { tx in
            try tx.insert(workspace)
            try tx.insert(project)
        }
    }
}
