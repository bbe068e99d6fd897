import OrcaDomain
import OrcaStore

// Transactions, events, replies.
extension StoreContract {
    private struct Deliberate: Error {}

    static func failedTransaction(_ store: any Store) async throws {
        do {
            try await store.write { tx in
                try tx.insert(Samples.workspace)
                throw Deliberate()
            }
            throw ContractBreach(description: "the error did not come back")
        } catch is Deliberate {}
        let found = try await store.read { try $0.workspaces.find(name: Samples.workspace.name) }
        try require(found == nil, "a failed transaction left something")
    }

    /// Reads of a transaction may be remembered, but never past what it writes itself.
    static func ownChanges(_ store: any Store) async throws {
        try await Samples.prepare(store)
        try await store.write { tx in
            var (workspace, project) = (Samples.workspace, Samples.project)
            try requireEqual(try tx.workspaces.find(workspace.id)?.about, workspace.about, "a workspace")
            workspace.about = "another purpose"
            workspace.version += 1
            try tx.save(workspace)
            try requireEqual(try tx.workspaces.find(workspace.id)?.about, workspace.about, "the workspace by id")
            try requireEqual(try tx.workspaces.find(name: workspace.name)?.version, workspace.version, "by name")

            try requireEqual(try tx.projects.find(project.id)?.name, project.name, "a project")
            project.name = "another name"
            project.version += 1
            try tx.save(project)
            try requireEqual(try tx.projects.find(project.id)?.name, project.name, "the project by id")
            try requireEqual(
                try tx.projects.find(key: project.key, in: workspace.id)?.version, project.version, "by key")
            let number = try tx.takeNumber(in: project.id)
            try requireEqual(try tx.projects.find(project.id)?.lastNumber, number, "the number that was taken")
            try tx.setOfferPointer(AgentID(stored: "agt_offer"), of: project.id)
            try requireEqual(
                try tx.projects.find(project.id)?.offerPointer, AgentID(stored: "agt_offer"),
                "the agent of the last offer")
            try tx.delete(project.id)
            try require(try tx.projects.find(key: project.key, in: workspace.id) == nil, "the project was deleted")
            try tx.delete(workspace.id)
            try require(try tx.workspaces.find(workspace.id) == nil, "the workspace was deleted")
        }
    }

    static func serialised(_ store: any Store) async throws {
        try await Samples.prepare(store)
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 {
                group.addTask { try await store.write { try $0.takeNumber(in: Samples.project.id) } }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        try requireEqual(numbers.sorted(), Array(1...200), "200 concurrent numbers")
    }

    static func neighbours(_ store: any Store) async throws {
        try await Samples.prepare(store)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<100 {
                group.addTask {
                    do {
                        try await store.write { tx in
                            _ = try tx.takeNumber(in: Samples.project.id)
                            if index % 3 == 0 { throw Deliberate() }
                        }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        try requireEqual(outcomes, 66, "transactions that succeeded")
        let last = try await store.read { try $0.projects.find(Samples.project.id)?.lastNumber }
        try requireEqual(last, 66, "numbers that were taken")
    }

    static func eventNumbers(_ store: any Store) async throws {
        try await Samples.prepare(store)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    // Every fourth is undone; its number must be given to the next.
                    try? await store.write { tx in
                        try tx.append(Samples.event(number))
                        if number % 4 == 0 { throw Deliberate() }
                    }
                }
            }
        }
        try await store.read { reader in
            var filter = EventFilter(workspace: Samples.workspace.id)
            let all = try reader.events.page(filter, after: 0, limit: 100)
            try requireEqual(all.map(\.sequence), (1...45).map(Int64.init), "event numbers")
            try requireEqual(try reader.events.lastSequence(in: Samples.workspace.id), 45, "the last number")
            let newest = try reader.events.newest(filter, before: .max, limit: 3)
            try requireEqual(newest.map(\.sequence), [45, 44, 43], "the newest first")
            filter.entity = "entity-1"
            let some = try reader.events.page(filter, after: 10, limit: 5)
            try require(some.count == 5 && some.allSatisfy { $0.entityID == "entity-1" && $0.sequence > 10 }, "filter")
            filter.entity = ""
            filter.typePrefix = "lease."
            try require(try reader.events.page(filter, after: 0, limit: 5).isEmpty, "a type that never happened")
        }
    }

    static func compaction(_ store: any Store) async throws {
        try await Samples.prepare(store)
        try await store.write { tx in
            for number in 0..<30 { try tx.append(Samples.event(number)) }
            let gone = try tx.compactEvents(in: Samples.workspace.id, keeping: 10, limit: 12)
            try requireEqual(gone, 12, "forgotten in the first step")
            try requireEqual(
                try tx.compactEvents(in: Samples.workspace.id, keeping: 10, limit: 12), 8, "forgotten in the second")
            try requireEqual(
                try tx.compactEvents(in: Samples.workspace.id, keeping: 10, limit: 12), 0, "forgotten in the third")
            try requireEqual(try tx.events.firstSequence(in: Samples.workspace.id), 21, "the oldest that is left")
            let left = try tx.events.page(EventFilter(workspace: Samples.workspace.id), after: 0, limit: 100)
            try requireEqual(left.map(\.sequence), (21...30).map(Int64.init), "what is left")
            try tx.append(Samples.event(31))
            try requireEqual(try tx.events.lastSequence(in: Samples.workspace.id), 31, "the next number")
        }
    }

    static func replies(_ store: any Store) async throws {
        try await store.write { tx in
            for index in 0..<6 {
                try tx.insert(
                    StoredReply(
                        identity: "me", operation: "Test", key: "k\(index)", requestDigest: "d",
                        response: [0, 1, 255], at: Samples.now.adding(milliseconds: Int64(index))))
            }
            let found = try tx.replies.find(identity: "me", operation: "Test", key: "k3")
            try requireEqual(found?.response, [0, 1, 255], "a stored reply")
            try require(
                try tx.replies.find(identity: "you", operation: "Test", key: "k3") == nil, "a foreign reply was found")
            let cutoff = Samples.now.adding(milliseconds: 4)
            try requireEqual(try tx.forgetReplies(before: cutoff, limit: 3), 3, "forgotten replies")
            try requireEqual(try tx.forgetReplies(before: cutoff, limit: 3), 1, "forgotten replies")
            try require(try tx.replies.find(identity: "me", operation: "Test", key: "k4") != nil, "a young reply")
        }
    }

    static func readers(_ store: any Store) async throws {
        try await Samples.prepare(store)
        for number in 1...50 {
            try await store.write { try $0.insert(Samples.task(number), TaskBody()) }
            let found = try await store.read { try $0.tasks.count() }
            try requireEqual(found, Int64(number), "what a reader sees after a commit")
        }
    }

    static func signals(_ store: any Store) async throws {
        let seen = store.changes.generation
        let waiter = Task { await store.changes.wait(after: seen) }
        try await store.write { try $0.insert(Samples.workspace) }
        await waiter.value
        try require(store.changes.generation > seen, "a commit did not move the signal")
    }

    static func closed(_ store: any Store) async throws {
        await store.close()
        do {
            try await store.write { try $0.insert(Samples.workspace) }
        } catch StoreError.closed {
            return
        }
        throw ContractBreach(description: "a closed store took a write")
    }
}
