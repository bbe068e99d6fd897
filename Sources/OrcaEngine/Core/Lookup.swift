package import OrcaDomain
package import OrcaStore

/// Finds what people name: by id, name, key or ref, always inside one workspace. An id of another workspace is not
/// found, like one that never existed.
package struct Lookup {
    let store: any StoreReader

    package init(_ store: any StoreReader) {
        self.store = store
    }

    /// An empty word means the workspace that always exists.
    package func workspace(_ word: String, for actor: Actor) throws -> Workspace {
        let name = word.isEmpty ? Workspace.defaultName : word
        let found =
            WorkspaceID.looksLikeOne(name)
            ? try store.workspaces.find(WorkspaceID(stored: name)) : try store.workspaces.find(name: name)
        guard let found, actor.workspace == nil || actor.workspace == found.id else {
            throw DomainError(
                .workspaceNotFound, "There is no workspace '\(name)'. See 'orca workspace list'.",
                details: ["workspace": name])
        }
        return found
    }

    package func project(_ word: String, in workspace: WorkspaceID) throws -> Project {
        let found =
            ProjectID.looksLikeOne(word)
            ? try store.projects.find(ProjectID(stored: word))
            : try store.projects.find(key: Names.asWritten(word), in: workspace)
        guard let found, found.workspace == workspace else {
            throw DomainError(
                .projectNotFound,
                word.isEmpty
                    ? "No project was named. Give its key; see 'orca project list'."
                    : "There is no project '\(word)' in this workspace. See 'orca project list', or make it with "
                        + "'orca project create \(Names.asWritten(word))'.",
                details: ["project": word])
        }
        return found
    }

    package func task(_ word: String, in workspace: WorkspaceID) throws -> WorkTask {
        let found =
            TaskID.looksLikeOne(word)
            ? try store.tasks.find(TaskID(stored: word))
            : try store.tasks.find(ref: Names.asWritten(word), in: workspace)
        guard let found, found.workspace == workspace else {
            throw DomainError(
                .taskNotFound, "There is no task '\(word)' in this workspace. See 'orca task list'.",
                details: ["task": word])
        }
        return found
    }

    package func agent(_ word: String, in workspace: WorkspaceID) throws -> Agent {
        let found =
            AgentID.looksLikeOne(word)
            ? try store.agents.find(AgentID(stored: word)) : try store.agents.find(name: word, in: workspace)
        guard let found, found.workspace == workspace else {
            throw DomainError(
                .agentNotFound, "There is no agent '\(word)' in this workspace. See 'orca agent list'.",
                details: ["agent": word])
        }
        return found
    }

    package func attempt(_ word: String, in workspace: WorkspaceID) throws -> Attempt {
        guard let found = try store.attempts.find(AttemptID(stored: word)), found.workspace == workspace else {
            throw DomainError(
                .attemptNotFound, "There is no attempt '\(word)' in this workspace. See 'orca attempt list'.",
                details: ["attempt": word])
        }
        return found
    }

    package func gate(_ word: String, in workspace: WorkspaceID) throws -> Gate {
        guard let found = try store.gates.find(GateID(stored: word)), found.workspace == workspace else {
            throw DomainError(.gateNotFound, "Gate not found: \(word)", details: ["gate": word])
        }
        return found
    }

    package func run(_ word: String, in workspace: WorkspaceID) throws -> CoordinatorRun {
        guard let found = try store.runs.find(RunID(stored: word)), found.workspace == workspace else {
            throw DomainError(
                .runNotFound,
                "There is no coordinator run '\(word)' in this workspace. See 'orca orchestration run-list'.",
                details: ["run": word])
        }
        return found
    }

    package func terminal(_ word: String, in workspace: WorkspaceID) throws -> Terminal {
        guard let found = try store.terminals.find(TerminalID(stored: word)), found.workspace == workspace else {
            throw DomainError(
                .terminalStale, "There is no terminal '\(word)' in this workspace. See 'orca terminal list'.",
                details: ["terminal": word])
        }
        return found
    }

    func body(of task: TaskID) throws -> TaskBody {
        guard let body = try store.tasks.body(task) else {
            throw StoreError.corrupt("the task \(task) has no body row")
        }
        return body
    }

    func requirement(of task: WorkTask) throws -> Requirement {
        guard let found = try store.tasks.requirement(task.requirement) else {
            throw StoreError.corrupt("the requirement row \(task.requirement) of \(task.ref) is missing")
        }
        return found
    }

    func project(of task: WorkTask) throws -> Project {
        guard let found = try store.projects.find(task.project) else {
            throw StoreError.corrupt("the project of \(task.ref) is missing")
        }
        return found
    }
}
