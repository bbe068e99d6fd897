import OrcaDomain
import OrcaTerminal

extension Runtime {
    /// Everything that has to do with terminals, until the calling task is cancelled: their rows follow them, what is to
    /// be typed gets typed, workers are kept alive or taken back, and runs are carried out. Nothing of it begins before
    /// the terminals of earlier servers have been taken over: until then all of them would look lost.
    package func runTerminals() async {
        guard let terminals, let terminalHost else { return }
        while !Task.isCancelled {
            do {
                try await terminals.ready()
                break
            } catch {
                server.note("terminals cannot be taken over: \(String(reflecting: error))")
                await clock.sleep(milliseconds: TerminalService.refreshEveryMS)
            }
        }
        await withDiscardingTaskGroup { group in
            group.addTask { await terminals.run() }
            group.addTask { [self] in await WorkerWatch(runtime: self, host: terminalHost).run() }
            if let workforce = LocalWorkforce(self) {
                group.addTask { [self] in
                    await Coordinator(self, host: terminalHost, workforce: workforce).run()
                }
            }
            if let post { group.addTask { await post.run() } }
        }
    }

    /// Whether a program runs in any terminal.
    package func hasLiveTerminals() async -> Bool {
        guard let terminalHost else { return false }
        return await terminalHost.list().contains { $0.state != .exited }
    }
}
