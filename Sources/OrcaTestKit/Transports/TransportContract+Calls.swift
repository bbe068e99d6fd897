import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// Calls and their errors.
extension TransportContract {
    static func crud(_ rig: TransportRig) throws -> Transcript {
        let api = try rig.client().api
        var seen = Transcript()
        seen.note(
            try api.call(
                Operations.createProject,
                .with {
                    $0.key = "API"
                    $0.name = "The API"
                }))
        for title in ["First", "Second"] { seen.note(try createTask(api, title)) }
        let changed = try api.call(
            Operations.updateTask,
            .with {
                $0.task = "API-2"
                $0.title = "Changed"
                $0.spec = ""
                $0.priority = -7
                $0.labels = ["a", "b"]
                $0.context = ["key": "value", "other": ""]
                $0.replace = ["labels", "context"]
            })
        seen.note(changed)
        try requireEqual(changed.task?.title, "Changed", "the title")
        try requireEqual(changed.task?.priority, -7, "the priority")
        seen.note(try api.call(Operations.getTask, .with { $0.task = "API-2" }))
        seen.note(try api.call(Operations.deleteTask, .with { $0.task = "API-1" }))
        let left = try api.call(Operations.listTasks, .with { $0.project = "API" })
        try requireEqual(left.tasks.map(\.ref), ["API-2"], "what is left")
        seen.note(left)
        seen.note(try api.call(Operations.listEvents, .with { $0.limit = 100 }))
        seen.note(try api.call(Operations.getTaskGraph, .with { $0.project = "API" }))
        return seen
    }

    static func pages(_ rig: TransportRig) throws -> Transcript {
        let api = try rig.client().api
        var seen = Transcript()
        _ = try api.call(Operations.createProject, .with { $0.key = "API" })
        for number in 1...25 { _ = try createTask(api, "Task \(number)") }
        var cursor = ""
        var refs: [String] = []
        repeat {
            let page = try api.call(
                Operations.listTasks,
                .with {
                    $0.project = "API"
                    $0.limit = 10
                    $0.cursor = cursor
                })
            refs += page.tasks.map(\.ref)
            cursor = page.nextCursor
            seen.note(page)
        } while !cursor.isEmpty
        try requireEqual(refs, (1...25).map { "API-\($0)" }, "the pages")
        try seen.refusal("a cursor of nobody's") { () throws(APIError) in
            _ = try api.call(Operations.listTasks, .with { $0.cursor = "%%%" })
        }
        try seen.refusal("a page of less than nothing") { () throws(APIError) in
            _ = try api.call(Operations.listTasks, .with { $0.limit = -5 })
        }
        return seen
    }

    static func errors(_ rig: TransportRig) throws -> Transcript {
        let api = try rig.client().api
        var seen = Transcript()
        _ = try api.call(Operations.createProject, .with { $0.key = "API" })
        _ = try createTask(api, "First")
        try seen.refusal("missing") { () throws(APIError) in
            _ = try api.call(Operations.getTask, .with { $0.task = "API-99" })
        }
        try seen.refusal("taken") { () throws(APIError) in
            _ = try api.call(Operations.createProject, .with { $0.key = "API" })
        }
        try seen.refusal("invalid") { () throws(APIError) in
            _ = try api.call(Operations.createTask, .with { $0.project = "API" })
        }
        try seen.refusal("stale") { () throws(APIError) in
            _ = try api.call(
                Operations.updateTask,
                .with {
                    $0.task = "API-1"
                    $0.title = "Other"
                    $0.expectedVersion = 77
                })
        }
        try seen.refusal("lost") { () throws(APIError) in
            _ = try api.call(
                Operations.completeTask,
                .with {
                    $0.task = "API-1"
                    $0.token = 5
                })
        }
        try seen.refusal("no terminals here") { () throws(APIError) in
            _ = try api.call(Operations.createTerminal, .with { $0.command = "true" })
        }
        try seen.refusal("a key with spaces") { () throws(APIError) in
            _ = try api.call(
                Operations.createTask,
                .with {
                    $0.project = "API"
                    $0.title = "Second"
                }, idempotencyKey: "with spaces")
        }
        try seen.refusal("a future position") { () throws(APIError) in
            _ = try api.stream(Operations.watchEvents, .with { $0.after = 1_000_000 })
        }
        let reader = try rig.client(.readOnly).api
        seen.note(try reader.call(Operations.getTask, .with { $0.task = "API-1" }))
        try seen.refusal("a reader that writes") { () throws(APIError) in _ = try createTask(reader, "Second") }
        let stranger = try rig.client(secret: "orca_nobody").api
        for what in ["a stranger", "a stranger's stream"] {
            try seen.refusal(what) { () throws(APIError) in
                guard what.hasSuffix("stream") else {
                    _ = try stranger.call(Operations.getTask, .with { $0.task = "API-1" })
                    return
                }
                _ = try stranger.stream(Operations.watchEvents, .with { $0.after = 0 })
            }
        }
        return seen
    }

    static func tokens(_ rig: TransportRig) throws -> Transcript {
        let api = try rig.client().api
        var seen = Transcript()
        _ = try api.call(Operations.createProject, .with { $0.key = "API" })
        func make(_ name: String) throws -> (id: String, api: any OrcaClient) {
            let made = try api.call(
                Operations.createToken,
                .with {
                    $0.name = name
                    $0.scope = .readOnly
                    $0.ttlSeconds = 60
                })
            return (made.token?.id ?? "", try rig.client(secret: made.secret).api)
        }
        let (brief, lost) = (try make("brief"), try make("lost"))
        for holder in [brief, lost] {
            seen.note(try holder.api.call(Operations.listTasks, .with { $0.project = "API" }))
        }
        _ = try api.call(Operations.revokeToken, .with { $0.token = lost.id })
        try seen.refusal("a token that was taken back") { () throws(APIError) in
            _ = try lost.api.call(Operations.listTasks, .with { $0.project = "API" })
        }
        seen.note(try brief.api.call(Operations.listTasks, .with { $0.project = "API" }))
        rig.clock.advance(milliseconds: 60_001)
        try seen.refusal("a token whose time is over") { () throws(APIError) in
            _ = try brief.api.call(Operations.listTasks, .with { $0.project = "API" })
        }
        try seen.refusal("its stream") { () throws(APIError) in
            _ = try brief.api.stream(Operations.watchEvents, .with { $0.after = 0 })
        }
        return seen
    }

    static func keys(_ rig: TransportRig) throws -> Transcript {
        var seen = Transcript()
        _ = try rig.client().api.call(Operations.createProject, .with { $0.key = "API" })
        var ids: Set<String> = []
        // Every time as another program, which has kept the key.
        for _ in 0..<3 {
            let answer = try createTask(rig.client().api, "Once", key: "the-key")
            ids.insert(answer.task?.id ?? "")
            seen.note(answer)
        }
        try requireEqual(ids.count, 1, "tasks of one key")
        let api = try rig.client().api
        try seen.refusal("another request with the key") { () throws(APIError) in
            _ = try createTask(api, "Other", key: "the-key")
        }
        // Without a key of its own each call is one of its own.
        for _ in 0..<2 { _ = try createTask(api, "Twice") }
        let listed = try api.call(Operations.listTasks, .with { $0.project = "API" })
        try requireEqual(listed.tasks.map(\.title), ["Once", "Twice", "Twice"], "what is there")
        return seen
    }

    static func limits(_ rig: TransportRig) throws -> Transcript {
        let api = try rig.client().api
        var seen = Transcript()
        _ = try api.call(Operations.createProject, .with { $0.key = "API" })
        try seen.refusal("more than a message may have") { () throws(APIError) in
            _ = try api.call(
                Operations.createTask,
                .with {
                    $0.project = "API"
                    $0.title = "Large"
                    $0.spec = String(repeating: "x", count: contractMessageBytesMax + 1)
                })
        }
        // So far beyond that some transports do not even read it: in words of their own.
        var refused = Transcript()
        try refused.refusal("far more than a message may have") { () throws(APIError) in
            _ = try api.call(
                Operations.createTask,
                .with {
                    $0.project = "API"
                    $0.title = "Huge"
                    $0.spec = String(repeating: "x", count: 4 * contractMessageBytesMax)
                })
        }
        seen.noteKinds(of: refused)
        try seen.refusal("more than a task may have") { () throws(APIError) in
            _ = try api.call(
                Operations.createTask,
                .with {
                    $0.project = "API"
                    $0.title = String(repeating: "x", count: 100_000)
                })
        }
        // The client is none the worse for it.
        seen.note(try createTask(api, "Small"))
        return seen
    }

    static func texts(_ rig: TransportRig) throws -> Transcript {
        let api = try rig.client().api
        var seen = Transcript()
        _ = try api.call(Operations.createProject, .with { $0.key = "API" })
        let spec = String(repeating: "Zeile – 行 – \u{1F433} \"\\/\u{7F}\t\n\u{2028}", count: 2_000)
        let made = try api.call(
            Operations.createTask,
            .with {
                $0.project = "API"
                $0.title = "Ünïcödé \u{1F433}"
                $0.spec = spec
                $0.priority = -1_000
            })
        let ref = made.task?.ref ?? ""
        let read = try api.call(Operations.getTask, .with { $0.task = ref })
        try require(read.task?.spec == spec, "the text is another one")
        seen.note(read)
        // A field of a newer version travels on the wire and is skipped; in JSON it does not travel.
        var request = OrcaV1.GetTaskRequest.with { $0.task = ref }
        request.unknownFields = [0xFA, 0x7C, 0x03, 0x61, 0x62, 0x63]
        seen.note(try api.call(Operations.getTask, request))
        return seen
    }

    @discardableResult
    static func createTask(
        _ api: any OrcaClient, _ title: String, after: [String] = [], key: String? = nil
    ) throws(APIError) -> OrcaV1.CreateTaskResponse {
        var request = OrcaV1.CreateTaskRequest()
        request.project = "API"
        request.title = title
        request.dependencies = after.map { ref in .with { $0.ref = ref } }
        return try api.call(Operations.createTask, request, idempotencyKey: key)
    }
}
