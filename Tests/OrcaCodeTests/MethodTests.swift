import OrcaAPI
import OrcaCode
import OrcaProtobuf
import OrcaSupport
import Testing

@Suite struct MethodTests {
    private let book = MethodBook.standard

    @Test func everyOperationHasAMethodAndEveryMethodItsOwnName() {
        let operations = Operations.all.filter { $0.service != "ScriptService" }
        #expect(Set(book.methods.map(\.operation)) == Set(operations))
        #expect(Set(book.methods.map(\.name)).count == operations.count)
        for method in book.methods {
            #expect(method.name.wholeMatch(of: /[a-z]+\.[a-z][A-Za-z]*/) != nil, "\(method.name)")
        }
    }

    @Test(arguments: [
        ("tasks.create", "CreateTask"), ("tasks.claim", "ClaimTask"), ("tasks.claimTasks", "ClaimTasks"),
        ("tasks.listReady", "ListReadyTasks"), ("repos.setBaseRef", "SetRepoBaseRef"),
        ("repos.searchRefs", "SearchRefs"),
        ("worktrees.create", "CreateWorktree"), ("questions.ask", "AskQuestion"), ("tokens.revoke", "RevokeToken"),
        ("runs.submitPlan", "SubmitRunPlan"), ("tasks.dispatch", "DispatchTask"), ("events.list", "ListEvents"),
        // What a model may try.
        ("task.add", "CreateTask"), ("tasks.done", "CompleteTask"), ("tasks.show", "GetTask"),
        ("tasks.rm", "DeleteTask"),
        ("tasks.depend", "AddDependency"), ("dispatch.ls", "ListDispatches"), ("gate.answer", "ResolveGate"),
    ])
    func aNameLeadsToItsOperation(name: String, operation: String) throws {
        #expect(try book.find(name).operation.name == operation)
    }

    @Test(arguments: [
        ("tasks.creat", "orca.tasks.create()"), ("taks.list", "orca.tasks?"), ("tasks.zzz", "claim"),
        ("nothing", "orca.tasks.list()"),
        ("scripts.run", "It has"),
    ])
    func aNameThatLeadsNowhereSuggestsAnother(name: String, hint: String) throws {
        let error = #expect(throws: ScriptError.self) { try book.find(name) }
        #expect(error?.code == "unknown_method")
        #expect(error?.hint.contains(hint) == true, "\(String(describing: error))")
    }

    private func request(_ name: String, _ arguments: JSONValue...) throws -> String {
        let call = MethodCall(try book.find(name), workspace: "home")
        return String(decoding: try call.request(arguments).jsonBytes(), as: UTF8.self)
    }

    @Test func argumentsAreNamedOrTheMainOneComesFirst() throws {
        let named = try request("tasks.get", .object([.init("task", "API-1")]))
        #expect(named.contains(#""task":"API-1""#) && named.contains(#""workspace":"home""#))
        #expect(try request("tasks.get", "API-1") == named)
        #expect(
            try request("tasks.get", .object([.init("task", "API-1"), .init("workspace", "x")])).contains(
                #""workspace":"x""#))
        let update = try request("tasks.update", "API-1", .object([.init("title", "New")]))
        #expect(update.contains(#""title":"New""#) && update.contains(#""task":"API-1""#))
        #expect(try request("tasks.list").contains(#""workspace":"home""#))
    }

    @Test(arguments: [
        ([JSONValue.object([.init("titel", "x")])], "Did you mean title?"),
        ([.object([.init("title", .integer(1))])], "title: expected a string"),
        ([.array([])], "neither an object nor a text"), (["a", "b"], "the second is no object"),
        ([.object([]), .object([])], "the first is an object"), (["a", .object([]), "c"], "there are 3"),
        ([.object([.init("labels", "x")])], "labels"),
    ])
    func wrongArgumentsNameTheFieldAndTheType(arguments: [JSONValue], told: String) throws {
        let call = MethodCall(try book.find("tasks.create"), workspace: "home")
        let error = #expect(throws: ScriptError.self) { try call.request(arguments) }
        #expect(error?.code == "invalid_argument" && error?.name == "TypeError")
        let text = "\(error?.message ?? "") \(error?.hint ?? "")"
        #expect(text.contains(told), "\(text)")
    }

    @Test func anAnswerThatIsOneThingIsThatThing() throws {
        let one = try MethodCall(try book.find("tasks.get"), workspace: "").value(
            OrcaV1.GetTaskResponse.with { $0.task = .with { $0.ref = "API-1" } })
        #expect(one["ref"]?.stringValue == "API-1")
        let many = try MethodCall(try book.find("tasks.list"), workspace: "").value(OrcaV1.ListTasksResponse())
        #expect(many["tasks"] == .array([]))
    }
}
