import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Synchronization

/// Claims, leases and graphs.
extension TransportContract {
    private static let claimers = 16

    static func claimRace(_ rig: TransportRig) async throws -> Transcript {
        try await offPool {
            let api = try rig.client().api
            _ = try api.call(Operations.createProject, .with { $0.key = "API" })
            _ = try createTask(api, "The only one")
        }
        let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<claimers {
                group.addTask {
                    try await offPool {
                        let api = try rig.client().api
                        do throws(APIError) {
                            _ = try api.call(
                                Operations.claimTask,
                                .with {
                                    $0.task = "API-1"
                                    $0.agent = "agent-\(number)"
                                })
                            return "won"
                        } catch {
                            return error.code
                        }
                    }
                }
            }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        var seen = Transcript()
        try requireEqual(outcomes.count { $0 == "won" }, 1, "winners")
        seen.note(outcomes.sorted().joined(separator: " "))
        return seen
    }

    static func expiry(_ rig: TransportRig) async throws -> Transcript {
        let (claim, secret) = try await offPool { () throws in
            let api = try rig.client().api
            _ = try api.call(Operations.createProject, .with { $0.key = "API" })
            _ = try createTask(api, "First")
            let claim = try api.call(
                Operations.claimTask,
                .with {
                    $0.task = "API-1"
                    $0.agent = "one"
                    $0.ttlMs = 60_000
                })
            let token = try api.call(
                Operations.createToken,
                .with {
                    $0.name = "short"
                    $0.scope = .readOnly
                    $0.ttlSeconds = 60
                })
            return (claim, token.secret)
        }
        rig.clock.advance(milliseconds: 59_000)
        let renewed = try await offPool {
            try rig.client().api.call(
                Operations.renewLease,
                .with {
                    $0.task = "API-1"
                    $0.token = claim.lease?.token ?? 0
                })
        }
        rig.clock.advance(milliseconds: 61_000)
        try await rig.tick()
        return try await offPool {
            let api = try rig.client().api
            var seen = Transcript()
            seen.note(claim)
            seen.note(renewed)
            try seen.refusal("whoever let it expire") { () throws(APIError) in
                _ = try api.call(
                    Operations.renewLease,
                    .with {
                        $0.task = "API-1"
                        $0.token = claim.lease?.token ?? 0
                    })
            }
            let late = try rig.client(secret: secret).api
            try seen.refusal("whoever's token ended") { () throws(APIError) in
                _ = try late.call(Operations.getTask, .with { $0.task = "API-1" })
            }
            let task = try api.call(Operations.getTask, .with { $0.task = "API-1" })
            seen.note(task)
            try require(task.task?.status != .dispatched, "the task is still held")
            seen.note(try api.call(Operations.listEvents, .with { $0.limit = 100 }))
            return seen
        }
    }

    static func graph(_ rig: TransportRig) throws -> Transcript {
        let api = try rig.client().api
        var seen = Transcript()
        _ = try api.call(Operations.createProject, .with { $0.key = "API" })
        // A diamond with a tail: 1 → 2, 3 → 4 → 5.
        for (title, after) in [("a", []), ("b", [1]), ("c", [1]), ("d", [2, 3]), ("e", [4])] {
            _ = try createTask(api, title, after: after.map { "API-\($0)" })
        }
        try seen.refusal("a circle") { () throws(APIError) in
            _ = try api.call(
                Operations.addDependency,
                .with {
                    $0.task = "API-1"
                    $0.dependsOn = "API-5"
                })
        }
        var order: [String] = []
        while order.count < 5 {
            let claim = try api.call(
                Operations.claimTask,
                .with {
                    $0.project = "API"
                    $0.agent = "one"
                })
            order.append(claim.task?.ref ?? "")
            seen.note(claim)
            let done = try api.call(
                Operations.completeTask,
                .with {
                    $0.task = claim.task?.ref ?? ""
                    $0.token = claim.lease?.token ?? 0
                    $0.result = "done"
                })
            seen.note(done)
        }
        try requireEqual(order, (1...5).map { "API-\($0)" }, "the order of work")
        try seen.refusal("nothing left") { () throws(APIError) in
            _ = try api.call(
                Operations.claimTask,
                .with {
                    $0.project = "API"
                    $0.agent = "one"
                })
        }
        seen.note(try api.call(Operations.getTaskGraph, .with { $0.project = "API" }))
        return seen
    }
}
