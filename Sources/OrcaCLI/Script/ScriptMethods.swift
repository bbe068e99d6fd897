import OrcaAPI

/// `orca script methods`
enum ScriptMethods {
    static var command: Command {
        Command(
            "methods", "Find the methods that scripts can call.", aliases: ["search"],
            arguments: [Argument("words", .text, "All must occur; none shows all.", optional: true, repeats: true)],
            examples: [.init("orca script methods claim task", "")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.SearchMethodsRequest()
        request.query = call.list("words").joined(separator: " ")
        request.limit = 500
        let response = try call.call(Operations.searchMethods, request)
        call.answer(response) {
            response.methods.map { "\($0.declaration)\n    \($0.summary)\n" }.joined()
        }
        if response.methods.isEmpty { call.note("No method has all of these words. 'orca script methods' shows all.") }
    }
}
