import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// Streams, waits and their ends.
extension TransportContract {
    static func streams(_ rig: TransportRig) throws -> Transcript {
        let api = try rig.client().api
        var seen = Transcript()
        let stream = try api.stream(Operations.watchEvents, .with { $0.after = 0 })
        _ = try api.call(Operations.createProject, .with { $0.key = "API" })
        for number in 1...3 { _ = try createTask(api, "Task \(number)") }
        var position: Int64 = 0
        func take(_ stream: TypedStream<OrcaV1.WatchEventsResponse>, until type: String, _ times: Int) throws {
            var left = times
            while left > 0 {
                let item = try stream.next()
                guard case .event(let event)? = item?.item, let item else { throw ContractBreach("no event") }
                try requireEqual(event.sequence, position + 1, "the sequence")
                position = event.sequence
                seen.note(item)
                if event.type == type { left -= 1 }
            }
        }
        try take(stream, until: "task.created", 3)
        stream.cancel()
        try require(try stream.next() == nil, "a cancelled stream goes on")
        // What happens while nobody looks is there for whoever comes back.
        for number in 4...6 { _ = try createTask(api, "Task \(number)") }
        let resumed = try rig.client().api.stream(Operations.watchEvents, .with { $0.after = position })
        try take(resumed, until: "task.created", 3)
        resumed.cancel()
        // From now on, and only some.
        let tail = try api.stream(
            Operations.watchEvents,
            .with {
                $0.after = -1
                $0.typePrefix = "project."
            })
        _ = try createTask(api, "Task 7")
        _ = try api.call(Operations.createProject, .with { $0.key = "NEXT" })
        guard let item = try tail.next() else { throw ContractBreach("the tail ended") }
        seen.note(item)
        tail.cancel()
        return seen
    }

    /// A call that only ends when an event comes, or the clock says so; neither does.
    private static func waitForEver(_ api: any OrcaClient) throws(APIError) {
        _ = try api.call(
            Operations.listEvents,
            .with {
                $0.after = -1
                $0.waitMs = 60_000
            })
    }

    static func givingUp(_ rig: TransportRig) async throws -> Transcript {
        let client = try rig.client()
        let call = Task {
            try await offPool {
                var seen = Transcript()
                try seen.refusal("whoever gave up") { () throws(APIError) in try waitForEver(client.api) }
                return seen
            }
        }
        try await awaitTruth("the call waits") { rig.clock.sleeperCount == 1 }
        client.giveUp()
        let seen = try await call.value
        try await awaitTruth("the server has let the call go") { rig.clock.sleeperCount == 0 }
        return seen
    }

    static func deadline(_ rig: TransportRig) async throws -> Transcript {
        let hasty = try rig.client(timeoutMS: 300)
        let seen = try await offPool {
            var seen = Transcript()
            // Who noticed first says it in words of his own.
            var refused = Transcript()
            try refused.refusal("too late") { () throws(APIError) in try waitForEver(hasty.api) }
            seen.noteKinds(of: refused)
            return seen
        }
        try await awaitTruth("the server has let the call go") { rig.clock.sleeperCount == 0 }
        return seen
    }

    private static let manyEvents = 1_500

    private static func plan(_ number: Int) -> OrcaV1.Plan {
        .with {
            $0.name = "plan-\(number)"
            $0.tasks = (1...100).map { index in
                .with {
                    $0.key = "t\(index)"
                    $0.title = String(repeating: "x", count: 400)
                }
            }
        }
    }

    static func slowReader(_ rig: TransportRig) throws -> Transcript {
        let api = try rig.client().api
        let stream = try rig.client().api.stream(Operations.watchEvents, .with { $0.after = 0 })
        _ = try api.call(Operations.createProject, .with { $0.key = "API" })
        // More than fits into any buffer on the way; nobody reads, and everybody else is served.
        for number in 1...manyEvents / 100 {
            _ = try api.call(
                Operations.importPlan,
                .with {
                    $0.project = "API"
                    $0.plan = plan(number)
                })
        }
        let last = try api.call(
            Operations.listEvents,
            .with {
                $0.limit = 1
                $0.newestFirst = true
            }
        ).lastSequence
        try require(last > Int64(manyEvents), "only \(last) events")
        var position: Int64 = 0
        while position < last {
            guard let item = try stream.next(), case .event(let event)? = item.item else {
                throw ContractBreach("the stream ended or has a gap after \(position)")
            }
            try requireEqual(event.sequence, position + 1, "the sequence")
            position = event.sequence
        }
        stream.cancel()
        var seen = Transcript()
        seen.note("\(last) events")
        return seen
    }

    static func restart(_ rig: TransportRig) async throws -> Transcript {
        let client = try rig.client()
        let (stream, position) = try await offPool {
            _ = try client.api.call(Operations.createProject, .with { $0.key = "API" })
            let stream = try client.api.stream(Operations.watchEvents, .with { $0.after = 0 })
            guard case .event(let event)? = try stream.next()?.item else { throw ContractBreach("no event") }
            return (stream, event.sequence)
        }
        await rig.down()
        var seen = try await offPool {
            var seen = Transcript()
            // What was sent before may still come; then it ends properly.
            while try stream.next() != nil {}
            var refused = Transcript()
            try refused.refusal("nobody") { () throws(APIError) in _ = try createTask(client.api, "Lost") }
            seen.noteKinds(of: refused)
            return seen
        }
        try await rig.up()
        seen = try await offPool { [seen] in
            var seen = seen
            seen.note(try createTask(client.api, "Kept"))
            let resumed = try client.api.stream(Operations.watchEvents, .with { $0.after = position })
            guard let item = try resumed.next() else { throw ContractBreach("the new stream ended") }
            seen.note(item)
            resumed.cancel()
            return seen
        }
        return seen
    }
}
