import OrcaDomain
import OrcaEngine
import OrcaSimulation
import OrcaStore
import Testing

/// The domain error that `body` throws; a test fails when it throws none.
func refusal(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) throws -> DomainError {
    let error = #expect(throws: DomainError.self, sourceLocation: sourceLocation) { try body() }
    return try #require(error, sourceLocation: sourceLocation)
}

extension CompleteTask.Output {
    var task: WorkTask? {
        if case .counted(let task, _) = self { return task }
        return nil
    }

    var attempt: Attempt? {
        if case .counted(_, let attempt) = self { return attempt }
        return nil
    }

    var refusal: DomainError? {
        if case .keptLate(let error) = self { return error }
        return nil
    }
}

extension EngineWorld {
    func eventTypes() throws -> [EventType] {
        try session.events.page(EventFilter(workspace: try workspace.id), after: 0, limit: 1_000).map(\.type)
    }
}
