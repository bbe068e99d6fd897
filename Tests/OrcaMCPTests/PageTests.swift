import OrcaMCP
import OrcaSupport
import Testing

@Suite struct PageTests {
    private func desk() -> Desk {
        var desk = Desk()
        let documents = (0..<5).map {
            MCPDocument(uri: "orca://skills/\($0)", name: "\($0)", description: "", text: "")
        }
        desk.server = MCPServer(workspace: "default", documents: documents, pageEntries: 2)
        return desk
    }

    @Test(arguments: [true, false]) func aListIsReadPageByPage(isStateless: Bool) throws {
        var desk = desk()
        if !isStateless { try desk.shakeHands(.november2025) }
        var uris: [String] = []
        var cursor: JSONValue = nil
        for count in [2, 2, 2] {
            let parameters: JSONValue = cursor == .null ? [:] : ["cursor": cursor]
            let page = try desk.ask("resources/list", isStateless ? Desk.stateless(parameters) : parameters)
            let entries = try #require(page["resources"]?.arrayValue)
            #expect(entries.count == count)
            uris += entries.compactMap { $0["uri"]?.stringValue }
            cursor = page["nextCursor"] ?? .null
        }
        #expect(cursor == .null && Set(uris).count == 6)
    }

    @Test func aCursorIsForItsListOnly() throws {
        var desk = desk()
        try desk.shakeHands(.november2025)
        let cursor = try #require(try desk.ask("resources/list")["nextCursor"])
        #expect(try desk.refusal("tools/list", ["cursor": cursor]) == -32602)
        #expect(try desk.refusal("resources/templates/list", ["cursor": cursor]) == -32602)
        for wrong in ["", "x", "cmVzb3VyY2VzOjk5", "cmVzb3VyY2VzOi0y", 3] as [JSONValue] {
            #expect(try desk.refusal("resources/list", ["cursor": wrong]) == -32602)
        }
    }

    @Test func theMethodsOfANounAreAResource() throws {
        var desk = desk()
        try desk.shakeHands(.november2025)
        let template = try #require(try desk.ask("resources/templates/list")["resourceTemplates"]?.arrayValue?.first)
        #expect(template["uriTemplate"] == "orca://methods/{noun}")
        let tasks = try desk.ask("resources/read", ["uri": "orca://methods/tasks"])
        let text = try #require(tasks["contents"]?.arrayValue?.first?["text"]?.stringValue)
        #expect(text.contains("orca.tasks.create(") && text.contains("type Task =") && text.contains("type TaskStatus"))
        #expect(!text.contains("type Gate"))
        #expect(try desk.refusal("resources/read", ["uri": "orca://methods/cows"]) == -32002)
    }
}
