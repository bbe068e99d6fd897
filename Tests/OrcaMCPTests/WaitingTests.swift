import OrcaAPI
import OrcaDomain
import OrcaMCP
import OrcaProtobuf
import OrcaSupport
import Testing

/// The tool `wait`, the extension it answers by, and subscriptions.
@Suite struct WaitingTests {
    private static let following: JSONValue = ["extensions": ["io.modelcontextprotocol/tasks": [:]]]
    private static let asking: JSONValue = following.adding(["elicitation": ["form": [:]]])

    private static func task(_ status: OrcaV1.Task.Status) -> Result<any ProtoMessage, APIError> {
        .success(
            .with {
                $0.task = .with {
                    ($0.id, $0.ref, $0.status, $0.result) = ("tsk_1", "API-1", status, "Done")
                    $0.updatedAt = ProtoTimestamp(milliseconds: 4_000_000_000_000)
                }
            } as OrcaV1.GetTaskResponse)
    }

    private static func gate(_ status: OrcaV1.Gate.Status) -> Result<any ProtoMessage, APIError> {
        .success(
            .with {
                $0.gate = .with {
                    ($0.id, $0.task, $0.taskRef, $0.status) = ("gate_1", "tsk_1", "API-1", status)
                    ($0.question, $0.options, $0.resolution) = ("Deploy?", ["yes", "no"], "yes")
                }
            } as OrcaV1.GetGateResponse)
    }

    private func ask(
        _ desk: inout Desk, _ method: String, _ parameters: JSONValue, _ capabilities: JSONValue = following
    ) throws -> JSONValue {
        try desk.ask(method, Desk.stateless(parameters, capabilities: capabilities))
    }

    private func started(_ desk: inout Desk, _ arguments: JSONValue = ["task": "API-1"]) throws -> String {
        let result = try ask(&desk, "tools/call", ["name": "wait", "arguments": arguments])
        #expect(result["resultType"] == "task", "\(result)")
        return try #require(result["taskId"]?.stringValue)
    }

    // MARK: Tasks

    @Test func waitIsOnlyForClientsThatKnowTheExtension() throws {
        var desk = Desk()
        let plain = try #require(try ask(&desk, "tools/list", [:], [:])["tools"]?.arrayValue)
        #expect(plain.map { $0["name"] } == ["execute", "search"])
        let more = try #require(try ask(&desk, "tools/list", [:])["tools"]?.arrayValue)
        #expect(more.map { $0["name"] } == ["execute", "search", "wait"])
        let discovery = try desk.ask("server/discover", Desk.stateless())
        #expect(discovery["capabilities"]?["extensions"]?["io.modelcontextprotocol/tasks"] != nil)
        for (method, parameters) in [
            ("tools/call", ["name": "wait", "arguments": ["task": "API-1"]]), ("tasks/get", ["taskId": "x"]),
            ("tasks/update", ["taskId": "x", "inputResponses": [:]]), ("tasks/cancel", ["taskId": "x"]),
            ("subscriptions/listen", ["notifications": ["taskIds": []]]),
        ] as [(String, JSONValue)] {
            let error = try desk.send(Desk.request(method, Desk.stateless(parameters))).last?["error"]
            #expect(error?["code"] == -32021, "\(method)")
            #expect(error?["data"]?["requiredCapabilities"]?["extensions"] != nil)
        }
        try desk.shakeHands(.november2025, capabilities: Self.following)
        #expect(try desk.refusal("tasks/get", ["taskId": "x"]) == -32601)
        #expect(try desk.refusal("tools/call", ["name": "wait", "arguments": ["task": "API-1"]]) == -32021)
    }

    @Test func aWaitWorksUntilItsTaskHasEnded() throws {
        var desk = Desk()
        desk.others = Self.task(.dispatched)
        let id = try started(&desk)
        let working = try ask(&desk, "tasks/get", ["taskId": .string(id)])
        #expect(working["status"] == "working" && working["statusMessage"] == "API-1 is dispatched")
        #expect(
            working["taskId"]?.stringValue == id && working["ttlMs"] == .null && working["resultType"] == "complete")
        #expect(working["createdAt"]?.stringValue?.hasSuffix("Z") == true && working["result"] == nil)
        desk.others = Self.task(.completed)
        let ended = try ask(&desk, "tasks/get", ["taskId": .string(id)])
        #expect(ended["status"] == "completed" && ended["lastUpdatedAt"] == "2096-10-02T07:06:40Z")
        let body = ended["result"]?["structuredContent"]
        #expect(body?["ok"] == true && body?["status"] == "completed" && body?["result"] == "Done")
        #expect(ended["result"]?["isError"] == false)
    }

    @Test func aWaitOutlivesTheServer() throws {
        var desk = Desk()
        desk.others = Self.task(.ready)
        let id = try started(&desk)
        desk.server = MCPServer(workspace: "another", documents: [])
        desk.others = Self.task(.failed)
        let ended = try ask(&desk, "tasks/get", ["taskId": .string(id)])
        #expect(ended["status"] == "completed" && ended["result"]?["structuredContent"]?["status"] == "failed")
        #expect((desk.errands.last?.message as? OrcaV1.GetTaskRequest)?.workspace == "default")
    }

    @Test func whatIsOverNeedsNoWait() throws {
        var desk = Desk()
        desk.others = Self.task(.canceled)
        let result = try ask(&desk, "tools/call", ["name": "wait", "arguments": ["task": "API-1"]])
        #expect(result["resultType"] == "complete" && result["structuredContent"]?["status"] == "canceled")
        desk.others = .failure(APIError("task_not_found", .notFound, "There is no task."))
        let missing = try ask(&desk, "tools/call", ["name": "wait", "arguments": ["task": "API-2"]])
        #expect(missing["isError"] == true && missing["structuredContent"]?["error"]?["code"] == "task_not_found")
    }

    @Test(arguments: [[:], ["task": "API-1", "gate": "g"], ["task": 1], ["job": "API-1"]] as [JSONValue])
    func aWaitIsForOneThing(arguments: JSONValue) throws {
        var desk = Desk()
        desk.others = Self.task(.ready)
        let result = try ask(&desk, "tools/call", ["name": "wait", "arguments": arguments])
        #expect(result["isError"] == true && result["structuredContent"]?["error"]?["code"] == "invalid_argument")
    }

    @Test func aGateIsAnsweredThroughTheTask() throws {
        var desk = Desk()
        desk.others = Self.gate(.pending)
        let id = try started(&desk, ["gate": "gate_1"])
        let plain = try ask(&desk, "tasks/get", ["taskId": .string(id)])
        #expect(plain["status"] == "working" && plain["inputRequests"] == nil)
        let open = try ask(&desk, "tasks/get", ["taskId": .string(id)], Self.asking)
        #expect(open["status"] == "input_required")
        let form = open["inputRequests"]?["answer"]?["params"]
        #expect(form?["message"] == "Deploy?" && open["inputRequests"]?["answer"]?["method"] == "elicitation/create")
        let ran = desk.errands.count
        let declined: JSONValue = ["taskId": .string(id), "inputResponses": ["answer": ["action": "decline"]]]
        #expect(try ask(&desk, "tasks/update", declined, Self.asking) == ["resultType": "complete"])
        #expect(desk.errands.count == ran)
        let accepted: JSONValue = [
            "taskId": .string(id),
            "inputResponses": ["answer": ["action": "accept", "content": ["answer": "yes"]]],
        ]
        #expect(try ask(&desk, "tasks/update", accepted, Self.asking) == ["resultType": "complete"])
        let order = try #require(desk.errands.last?.message as? OrcaV1.ResolveGateRequest)
        #expect(order.gate == "gate_1" && order.resolution == "yes" && order.workspace == "default")
        desk.others = Self.gate(.resolved)
        let ended = try ask(&desk, "tasks/get", ["taskId": .string(id)], Self.asking)
        #expect(ended["result"]?["structuredContent"]?["answer"] == "yes")
    }

    @Test func aCanceledWaitIsOverAndItsTaskGoesOn() throws {
        var desk = Desk()
        desk.others = Self.task(.dispatched)
        let id = try started(&desk)
        let other = try started(&desk)
        let ran = desk.errands.count
        #expect(try ask(&desk, "tasks/cancel", ["taskId": .string(id)]) == ["resultType": "complete"])
        #expect(desk.errands.count == ran)
        #expect(try ask(&desk, "tasks/get", ["taskId": .string(id)])["status"] == "cancelled")
        #expect(try ask(&desk, "tasks/get", ["taskId": .string(other)])["status"] == "working")
    }

    @Test(arguments: ["", "x", "wait-", "wait-e30", "wait-!!!", "wait-" + String(repeating: "A", count: 4_000)])
    func anUnknownTaskIsAWrongParameter(id: String) throws {
        var desk = Desk()
        for method in ["tasks/get", "tasks/update", "tasks/cancel"] {
            let parameters: JSONValue = ["taskId": .string(id), "inputResponses": [:]]
            #expect(
                try desk.refusal(method, Desk.stateless(parameters, capabilities: Self.following)) == -32602)
        }
    }

    // MARK: Subscriptions

    private func listening(_ notifications: JSONValue, _ capabilities: JSONValue = following) throws -> MCPListening {
        var session = MCPSession()
        let parameters = Desk.stateless(["notifications": notifications], capabilities: capabilities)
        let message = RPCMessage.request(.number(9), method: "subscriptions/listen", parameters: parameters)
        guard case .listen(let listening) = Desk.server.react(to: message, in: &session) else {
            throw RPCError(.internal, "nothing to listen for")
        }
        return listening
    }

    @Test func aSubscriptionSaysFirstWhatItWillTell() throws {
        var desk = Desk()
        desk.others = Self.task(.ready)
        let id = try started(&desk)
        let all = try listening([
            "toolsListChanged": true, "resourcesListChanged": true, "taskIds": [.string(id), "nonsense"],
        ])
        #expect(all.acknowledgement["method"] == "notifications/subscriptions/acknowledged")
        #expect(all.acknowledgement["params"]?["notifications"] == ["taskIds": [.string(id)]])
        let key = "io.modelcontextprotocol/subscriptionId"
        #expect(all.acknowledgement["params"]?["_meta"]?[key] == 9 && all.end["id"] == 9)
        #expect(all.watches.count == 1)
        #expect(try listening(["toolsListChanged": true], [:]).watches.isEmpty)
    }

    @Test func aWatchTellsEachChangeOnceAndEndsWithItsTask() throws {
        var desk = Desk()
        desk.others = Self.task(.ready)
        let id = try started(&desk)
        var watch = try #require(listening(["taskIds": [.string(id)]]).watches.first)
        func events(_ last: Int64, _ count: Int) -> Result<any ProtoMessage, APIError> {
            .success(
                .with {
                    $0.lastSequence = last
                    $0.events = (0..<count).map { _ in OrcaV1.Event() }
                } as OrcaV1.ListEventsResponse)
        }
        let begin = try #require(watch.message as? OrcaV1.ListEventsRequest)
        #expect(begin.after == -1 && begin.waitMs == 0)
        #expect(watch.take(events(7, 0)) == nil && watch.message is OrcaV1.GetTaskRequest)
        let told = watch.take(Self.task(.ready))
        let first = try #require(told)
        #expect(first["method"] == "notifications/tasks" && first["params"]?["status"] == "working")
        #expect(first["params"]?["taskId"]?.stringValue == id && first["id"] == nil)
        let waiting = try #require(watch.message as? OrcaV1.ListEventsRequest)
        #expect(waiting.after == 7 && waiting.entity == "tsk_1" && waiting.waitMs > 0)
        #expect(watch.take(events(7, 0)) == nil && watch.message is OrcaV1.ListEventsRequest)
        #expect(watch.take(events(9, 1)) == nil)
        #expect(watch.take(Self.task(.ready)) == nil, "nothing is new")
        #expect(watch.take(events(12, 1)) == nil && !watch.isOver)
        #expect(watch.take(Self.task(.completed))?["params"]?["status"] == "completed")
        #expect(watch.isOver)
    }

    @Test(arguments: [[:], ["notifications": []], ["notifications": ["taskIds": "x"]]] as [JSONValue])
    func aSubscriptionNamesWhatItIsAbout(parameters: JSONValue) throws {
        var desk = Desk()
        let request = Desk.stateless(parameters, capabilities: Self.following)
        #expect(try desk.refusal("subscriptions/listen", request) == -32602)
    }
}
