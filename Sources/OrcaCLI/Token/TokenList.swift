import OrcaAPI
import OrcaProtobuf

/// `orca token list`
enum TokenList {
    static var command: Command {
        Command("list", "List tokens, without their secrets.", flags: Paging.flags, run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let response = try Paging.collect(call, cursor: \.nextCursor, rows: \.tokens) {
            (limit, cursor) throws(APIError) -> OrcaV1.ListTokensResponse in
            var request = OrcaV1.ListTokensRequest()
            request.limit = limit
            request.cursor = cursor
            return try call.call(Operations.listTokens, request)
        }
        call.answer(response) {
            if call.isQuiet { return response.tokens.map { $0.id + "\n" }.joined() }
            let now = call.context.now()
            var table = Table([.flexible("NAME"), .fixed("SCOPE"), .fixed("EXPIRES"), .fixed("STATE"), .fixed("ID")])
            for item in response.tokens {
                let isOver = item.revokedAt != nil || (item.expiresAt?.milliseconds ?? .max) <= now
                let state = item.revokedAt != nil ? "revoked" : isOver ? "expired" : "valid"
                table.add([
                    .init(item.name, .strong), .init(item.scope.protoName),
                    .init(Clock.relative(item.expiresAt, now: now)),
                    .init(state, isOver ? .faint : .good), .init(item.id, .faint),
                ])
            }
            return call.text(table)
        }
    }
}
