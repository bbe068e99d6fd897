import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addAgents() {
        write(Operations.registerAgent) { request, tx, context in
            let workspace = try Lookup(tx).workspace(request.workspace, for: context.actor)
            let input = RegisterAgent.Input(
                workspace: workspace.id, name: request.name,
                kind: try Words.domain(request.kind, or: .cli, field: "kind"), tool: request.tool,
                tags: request.tags, capabilities: request.capabilities, capacity: request.capacity.nonZero ?? 1,
                host: request.host)
            let (agent, isNew) = try RegisterAgent.run(input, in: tx, context)
            return .with {
                $0.agent = OrcaV1.Agent(agent, at: context.now)
                $0.created = isNew
            }
        }
        read(Operations.getAgent) { request, store, context in
            let agent = try Self.agent(request.workspace, request.agent, store, context)
            return .with { $0.agent = OrcaV1.Agent(agent, at: context.now) }
        }
        read(Operations.listAgents) { request, store, context in
            let workspace = try Lookup(store).workspace(request.workspace, for: context.actor)
            let wanted: Agent.Status? = try Words.optional(request.status, field: "status")
            let page = try store.agents.page(
                in: workspace.id, Cursor.page(limit: request.limit, cursor: request.cursor))
            return .with {
                $0.agents = page.rows.filter { wanted == nil || $0.status(at: context.now) == wanted }
                    .map { OrcaV1.Agent($0, at: context.now) }
                $0.nextCursor = Cursor.text(page.next)
            }
        }
        write(Operations.updateAgent) { request, tx, context in
            let agent = try Self.agent(request.workspace, request.agent, tx, context)
            let input = UpdateAgent.Input(
                agent: agent, tags: request.setTags ? request.tags : nil, capacity: request.capacity.map { Int($0) },
                draining: request.draining, expectedVersion: request.expectedVersion.nonZero)
            let changed = try UpdateAgent.run(input, in: tx, context)
            return .with { $0.agent = OrcaV1.Agent(changed, at: context.now) }
        }
        write(Operations.deleteAgent) { request, tx, context in
            let agent = try Self.agent(request.workspace, request.agent, tx, context)
            try DeleteAgent.run(agent, in: tx, context)
            return OrcaV1.DeleteAgentResponse()
        }
        write(Operations.heartbeatAgent) { request, tx, context in
            let agent = try Self.agent(request.workspace, request.agent, tx, context)
            let (seen, renewed) = try HeartbeatAgent.run(
                .init(agent: agent, renewsLeases: request.renewLeases), in: tx, context)
            return .with {
                $0.agent = OrcaV1.Agent(seen, at: context.now)
                $0.renewed = Int32(renewed)
            }
        }
    }

    private static func agent(
        _ workspaceWord: String, _ word: String, _ store: any StoreReader, _ context: CommandContext
    ) throws -> Agent {
        let lookup = Lookup(store)
        let workspace = try lookup.workspace(workspaceWord, for: context.actor)
        return try lookup.agent(word, in: workspace.id)
    }
}
