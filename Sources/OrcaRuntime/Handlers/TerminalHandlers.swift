import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore
import OrcaTerminal

extension HandlerTable {
    mutating func addTerminals() {
        custom(Operations.createTerminal, need: .change) { try await TerminalCalls($1).create($0) }
        custom(Operations.splitTerminal, need: .change) { try await TerminalCalls($1).split($0) }
        custom(Operations.listTerminals, need: .read) { try await TerminalCalls($1).list($0) }
        custom(Operations.getTerminal, need: .read) { try await TerminalCalls($1).get($0) }
        custom(Operations.readTerminal, need: .read) { try await TerminalCalls($1).read($0) }
        custom(Operations.sendTerminal, need: .change) { try await TerminalCalls($1).send($0) }
        custom(Operations.waitTerminal, need: .read) { try await TerminalCalls($1).wait($0) }
        custom(Operations.stopTerminals, need: .change) { try await TerminalCalls($1).stop($0) }
        custom(Operations.closeTerminal, need: .change) { try await TerminalCalls($1).close($0) }
        custom(Operations.renameTerminal, need: .change) { try await TerminalCalls($1).rename($0) }
        custom(Operations.focusTerminal, need: .change) { request, invocation in
            let calls = TerminalCalls(invocation)
            let row = try await calls.row(request.workspace, request.terminal)
            try await calls.told { try await $0.host.focus(row.id.text) }
            let message = try await calls.message(row)
            return .with { $0.terminal = message }
        }
        custom(Operations.attachTerminal, need: .read) { request, invocation in
            let calls = TerminalCalls(invocation)
            let row = try await calls.row(request.workspace, request.terminal)
            let command = try await calls.told { try await $0.host.attachCommand(row.id.text) }
            return .with { $0.command = command }
        }
        custom(Operations.reportHook, need: .change) { try await TerminalCalls($1).report($0) }
        custom(Operations.getTerminalHealth, need: .read) { _, invocation in
            let health = try await TerminalCalls(invocation).told { await $0.host.health() }
            return .with {
                $0.version = health.version
                $0.running = health.isRunning
                $0.processId = health.pid
                $0.socket = health.socket
                $0.terminalCount = Int32(health.terminalCount)
                $0.problem = health.problem
            }
        }
    }
}
