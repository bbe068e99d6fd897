import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addServer() {
        custom(Operations.getServerInfo, need: .read) { _, invocation in
            let store = invocation.runtime.store.maintenance
            var info = invocation.runtime.server.info()
            info.store = store.name
            // Whoever asks how the server is wants to know just that of a database that is away.
            do {
                info.schemaVersion = Int32(try await store.schemaVersion())
                let now = invocation.runtime.clock.now
                let servers = try await invocation.runtime.store.read { try $0.servers.all(limit: Limits.serversMax) }
                info.servers = Int32(max(1, servers.count))
                info.serversLost = Int32(servers.count { $0.isLost(at: now) })
            } catch let StoreError.unavailable(why) {
                info.storeProblem = APIError(StoreError.unavailable(why)).message
            }
            info.serverId = invocation.runtime.node
            return .with { $0.server = info }
        }
        custom(Operations.getUsage, need: .read) { _, invocation in
            let usage = try await invocation.runtime.store.maintenance.usage()
            return .with {
                $0.storeBytes = usage.storeBytes
                $0.usage = usage.kinds.map { kind in
                    .with {
                        $0.kind = kind.kind
                        $0.rows = kind.rows
                        $0.bytes = kind.bytes
                    }
                }
            }
        }
        custom(Operations.checkStore, need: .administer) { request, invocation in
            var findings = try await invocation.runtime.store.maintenance.check(fix: request.fix)
            findings += try await invocation.runtime.membership?.findings() ?? []
            let found = findings
            return .with {
                $0.findings = found.map { finding in
                    .with {
                        $0.check = finding.check
                        $0.ok = finding.isOK
                        $0.detail = finding.detail
                        $0.fixed = finding.isFixed
                    }
                }
            }
        }
        custom(Operations.stopServer, need: .administer) { request, invocation in
            invocation.runtime.server.stop(reason: request.reason.isEmpty ? "asked by a client" : request.reason)
            return OrcaV1.StopServerResponse()
        }
    }

    mutating func addServers() {
        custom(Operations.listServers, need: .read) { _, invocation in
            let servers = try await ServerList(invocation.runtime).all()
            return .with { $0.servers = servers }
        }
        write(Operations.forgetServer, need: .administer) { request, tx, context in
            let gone = try ForgetServer.run(ForgetServer.Input(server: request.server), in: tx, context)
            return .with {
                $0.server = OrcaV1.Server(gone.server, at: context.now)
                $0.terminals = Int32(gone.terminals)
                $0.runs = Int32(gone.runs)
            }
        }
    }

    mutating func addTokens() {
        custom(Operations.createToken, need: .administer) { request, invocation in
            // The secret must never be stored, so a reply with it cannot be kept for an idempotency key either.
            let secret = Secret.make()
            let token = try await invocation.runtime.store.write { tx in
                try Self.createToken(request, digest: Secret.digest(of: secret), tx, invocation.context())
            }
            return .with {
                $0.token = OrcaV1.Token(token)
                $0.secret = secret
            }
        }
        read(Operations.listTokens) { request, store, context in
            try Authority.check(context.actor, may: .administer, operation: context.operation)
            let page = try store.tokens.page(Cursor.page(limit: request.limit, cursor: request.cursor))
            return .with {
                $0.tokens = page.rows.map { OrcaV1.Token($0) }
                $0.nextCursor = Cursor.text(page.next)
            }
        }
        write(Operations.revokeToken, need: .administer) { request, tx, context in
            let token = try RevokeToken.run(request.token, in: tx, context)
            return .with { $0.token = OrcaV1.Token(token) }
        }
    }

    private static func createToken(
        _ request: OrcaV1.CreateTokenRequest, digest: String, _ tx: any StoreTransaction, _ context: CommandContext
    ) throws -> AccessToken {
        let lookup = Lookup(tx)
        let workspace =
            request.workspace.isEmpty ? nil : try lookup.workspace(request.workspace, for: context.actor).id
        var attempt: AttemptID?
        if !request.attempt.isEmpty {
            let home = try workspace ?? lookup.workspace("", for: context.actor).id
            attempt = try lookup.attempt(request.attempt, in: home).id
        }
        let days: Int64 = 30 * 86_400
        let input = CreateToken.Input(
            name: request.name, scope: try Words.domain(request.scope, or: .readOnly, field: "scope"),
            workspace: workspace, attempt: attempt, digest: digest,
            ttlSeconds: request.ttlSeconds == 0 ? days : Int64(request.ttlSeconds))
        return try CreateToken.run(input, in: tx, context)
    }
}
