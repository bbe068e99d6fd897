import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import Testing

@Suite struct RoutingTests {
    private let router = Router()

    private func find(_ method: HTTPMethod, _ path: String) -> RouteMatch? {
        if case .found(let match) = router.find(method, path[...]) { match } else { nil }
    }

    private func request<M: ProtoMessage>(
        _ operation: TypedOperation<M, some ProtoMessage>, _ call: HTTPCall
    ) throws -> M {
        let parts = call.target.split(separator: "?", maxSplits: 1)
        let match = try #require(find(call.method, String(parts[0])))
        #expect(match.operation == operation.erased)
        let query = parts.count > 1 ? parts[1] : ""
        return try #require(try Routing.request(match, query: query, body: call.body ?? []) as? M)
    }

    @Test func `a claim of a named task goes to that task, a claim of any task to the list`() throws {
        let named = OrcaV1.ClaimTaskRequest.with { ($0.workspace, $0.task, $0.agent) = ("default", "API-12", "ann") }
        let call = try Routing.call(Operations.claimTask.erased, named)
        #expect(call.method == .post)
        #expect(call.target == "/v1/workspaces/default/tasks/API-12:claim")
        #expect(try request(Operations.claimTask, call) == named)
        let any = OrcaV1.ClaimTaskRequest.with { ($0.workspace, $0.agent) = ("default", "ann") }
        let anyCall = try Routing.call(Operations.claimTask.erased, any)
        #expect(anyCall.target == "/v1/workspaces/default/tasks:claim")
        #expect(try request(Operations.claimTask, anyCall) == any)
    }

    @Test func `query parameters carry lists, enums, numbers and flags`() throws {
        let list = OrcaV1.ListTasksRequest.with {
            $0.workspace = "w"
            $0.status = [.ready, .completed]
            $0.label = "a b&c=é"
            $0.limit = 7
        }
        let call = try Routing.call(Operations.listTasks.erased, list)
        #expect(
            call.target == "/v1/workspaces/w/tasks?status=ready&status=completed&label=a%20b%26c%3D%C3%A9&limit=7")
        #expect(call.body == nil)
        #expect(try request(Operations.listTasks, call) == list)
        let leases = OrcaV1.ListLeasesRequest.with { ($0.workspace, $0.offered) = ("w", true) }
        #expect(try request(Operations.listLeases, Routing.call(Operations.listLeases.erased, leases)) == leases)
        let events = OrcaV1.ListEventsRequest.with { ($0.workspace, $0.after) = ("w", -1) }
        #expect(try request(Operations.listEvents, Routing.call(Operations.listEvents.erased, events)) == events)
    }

    @Test func `a slash, a colon and a percent sign in a name stay in their segment`() throws {
        let name = "a/b:c%2F ü"
        let get = OrcaV1.GetAgentRequest.with { ($0.workspace, $0.agent) = ("w", name) }
        let call = try Routing.call(Operations.getAgent.erased, get)
        #expect(call.target == "/v1/workspaces/w/agents/a%2Fb%3Ac%252F%20%C3%BC")
        #expect(try request(Operations.getAgent, call).agent == name)
    }

    @Test func `every operation is found again by its own call`() throws {
        for operation in Operations.all {
            for route in operation.routes {
                let path = route.segments.map { segment in
                    switch segment {
                    case .literal(let text): "/" + text
                    case .variable(let name): "/" + name
                    }
                }
                let verb = route.verb.isEmpty ? "" : ":" + route.verb
                let match = find(route.method, path.joined() + verb)
                #expect(match?.operation == operation)
                #expect(match?.pathValues.map(\.name) == route.pathFields)
                #expect(match?.pathValues.map(\.value) == route.pathFields)
            }
        }
    }

    @Test(arguments: [
        "/", "", "v1/server", "/v1/nothing", "/v1/workspaces/w/tasks/", "/v1/workspaces//tasks",
        "/v1/workspaces/w/tasks/T-1:",
        "/v1/workspaces/w/tasks/T-1:clam", "/v1/workspaces/w/tasks/T-1/claim", "/v1/server/", "//v1/server",
        "/v1/server:",
    ])
    func `other paths are not found`(path: String) {
        guard case .notFound = router.find(.post, path[...]) else {
            Issue.record("\(path) was found")
            return
        }
    }

    @Test func `a known path with another method says which methods it has`() {
        guard case .otherMethods(let methods) = router.find(.put, "/v1/workspaces/w/tasks") else {
            Issue.record("expected other methods")
            return
        }
        #expect(methods == [.get, .post])
    }

    @Test(arguments: ["%", "%2", "%zz", "%ff", "%00"])
    func `bad percent-encoding is refused`(segment: String) {
        guard case .badEncoding = router.find(.get, "/v1/workspaces/\(segment)") else {
            Issue.record("\(segment) was taken")
            return
        }
    }

    @Test(arguments: [
        ("limit=x", "limit"), ("limit=1&limit=2", "limit"), ("status=nope", "status"), ("colour=red", "colour"),
        ("workspace=other", "workspace"), ("limit=%zz", ""),
    ])
    func `a bad query parameter is refused by name`(query: String, field: String) throws {
        let match = try #require(find(.get, "/v1/workspaces/w/tasks"))
        let error = #expect(throws: APIError.self) { try Routing.request(match, query: query[...], body: []) }
        #expect(error?.category == .invalidArgument)
        #expect(error?.details["field"] ?? "" == field)
    }

    @Test func `a body where none belongs and a query where a body belongs are refused`() throws {
        let get = try #require(find(.get, "/v1/workspaces/w/tasks"))
        #expect(throws: APIError.self) { try Routing.request(get, query: "", body: Array("{}".utf8)) }
        let post = try #require(find(.post, "/v1/workspaces/w/tasks"))
        #expect(throws: APIError.self) { try Routing.request(post, query: "title=x", body: Array("{}".utf8)) }
    }

    @Test func `a request without its path field is refused before it is sent`() {
        let error = #expect(throws: APIError.self) {
            try Routing.call(Operations.getTask.erased, OrcaV1.GetTaskRequest.with { $0.workspace = "w" })
        }
        #expect(error?.details["field"] == "task")
    }

    @Test func `the path wins over the body`() throws {
        let match = try #require(find(.post, "/v1/workspaces/w/tasks/A-1:renew"))
        let body = Array(#"{"workspace":"x","task":"B-2","token":"3"}"#.utf8)
        let request = try Routing.request(match, query: "", body: body) as? OrcaV1.RenewLeaseRequest
        #expect(request == .with { ($0.workspace, $0.task, $0.token) = ("w", "A-1", 3) })
    }
}
