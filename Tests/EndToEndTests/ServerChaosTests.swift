import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport
import OrcaTestKit
import Synchronization
import Testing

/// The server is killed at random moments while clients write: what was acknowledged is there, and nothing twice.
@Suite(.serialized) struct ServerChaosTests {
    private static let clients = 8
    private static let tasksPerClient = 25

    @Test(.timeLimit(.minutes(4))) func everyAcknowledgedWriteIsThereOnceAfterServersWereKilled() throws {
        let seed =
            ProcessEnvironment.current["ORCA_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64(UInt32.max))
        print("ServerChaosTests: ORCA_SEED=\(seed)")
        let place = try Installation()
        try place.orca("project", "create", "KILL", "--name", "Kill")
        let done = Mutex<[String: String]>([:])
        let threads = try (0..<Self.clients).map { number in
            try ManagedThread("writer-\(number)") {
                do {
                    for task in 0..<Self.tasksPerClient {
                        let title = "c\(number)-t\(task)"
                        let reference = try Self.carryOut(title, agent: "c\(number)", place)
                        done.withLock { $0[title] = reference }
                    }
                } catch { Issue.record("client \(number), seed \(seed): \(error)") }
            }
        }
        var random = SeededRandom(seed: seed)
        var kills = 0
        while threads.contains(where: { !$0.isFinished }), kills < 200 {
            _ = Poll.readable([], until: .after(.milliseconds(Int64.random(in: 30...600, using: &random))))
            try place.killServer()
            kills += 1
        }
        for thread in threads { thread.join() }
        let acknowledged = done.withLock { $0 }
        #expect(acknowledged.count == Self.clients * Self.tasksPerClient, "seed \(seed)")
        #expect(kills >= 3, "the clients were done before anything happened")
        try expectAllOnce(acknowledged, place, seed)
        try expectGapFree(place, seed)
        let doctor = try place.orca("doctor")
        #expect(!doctor.contains("problem"), "seed \(seed): \(doctor)")
    }

    /// Creates, claims and completes a task; every write is sent again with its key until it is acknowledged.
    private static func carryOut(_ title: String, agent: String, _ place: Installation) throws -> String {
        let client = try place.client()
        var create = OrcaV1.CreateTaskRequest()
        create.workspace = "default"
        create.project = "KILL"
        create.title = title
        let created = try insist { () throws(APIError) in
            try client.call(Operations.createTask, create, idempotencyKey: "create-\(title)")
        }
        var claim = OrcaV1.ClaimTaskRequest()
        claim.workspace = "default"
        claim.task = try #require(created.task).id
        claim.agent = agent
        let claimed = try insist { () throws(APIError) in
            try client.call(Operations.claimTask, claim, idempotencyKey: "claim-\(title)")
        }
        var complete = OrcaV1.CompleteTaskRequest()
        complete.workspace = "default"
        complete.task = claim.task
        complete.token = try #require(claimed.lease).token
        complete.result = title
        _ = try insist { () throws(APIError) in
            try client.call(Operations.completeTask, complete, idempotencyKey: "complete-\(title)")
        }
        return try #require(created.task).ref
    }

    private static func insist<Reply>(_ call: () throws(APIError) -> Reply) throws -> Reply {
        let deadline = Deadline.after(.seconds(120))
        while true {
            do throws(APIError) {
                return try call()
            } catch {
                guard [.unavailable, .deadlineExceeded].contains(error.category), !deadline.hasPassed else {
                    throw error
                }
            }
        }
    }

    private func expectAllOnce(_ acknowledged: [String: String], _ place: Installation, _ seed: UInt64) throws {
        var request = OrcaV1.ListTasksRequest()
        request.workspace = "default"
        request.project = "KILL"
        request.limit = 1000
        let tasks = try place.client().call(Operations.listTasks, request).tasks
        #expect(tasks.count == acknowledged.count, "seed \(seed)")
        for task in tasks {
            #expect(acknowledged[task.title] == task.ref, "seed \(seed)")
            #expect(task.status == .completed && task.attempts == 1 && task.result == task.title, "seed \(seed)")
        }
    }

    private func expectGapFree(_ place: Installation, _ seed: UInt64) throws {
        let client = try place.client()
        var request = OrcaV1.ListEventsRequest()
        request.workspace = "default"
        request.limit = 1000
        var events: [OrcaV1.Event] = []
        while true {
            let page = try client.call(Operations.listEvents, request).events
            guard let last = page.last else { break }
            events += page
            request.after = last.sequence
        }
        #expect(events.map(\.sequence) == Array(1...Int64(events.count)), "seed \(seed)")
        for type in ["task.created", "task.claimed", "task.completed"] {
            #expect(events.count { $0.type == type } == Self.clients * Self.tasksPerClient, "\(type), seed \(seed)")
        }
    }
}
