import OrcaRuntime
import OrcaStore

/// Ends a server that a client started, once nobody is connected and nothing is leased for long enough.
struct IdleStop: Sendable {
    let runtime: Runtime
    let control: DaemonControl
    let afterSeconds: Int64

    func run() async {
        let step = max(1_000, min(10_000, afterSeconds * 1_000 / 4))
        var idleMS: Int64 = 0
        var lastChange = runtime.store.changes.generation
        while !Task.isCancelled {
            await runtime.clock.sleep(milliseconds: step)
            let change = runtime.store.changes.generation
            let hasTerminals = await runtime.hasLiveTerminals()
            let isQuiet = control.connectionCount == 0 && change == lastChange && !hasTerminals
            lastChange = change
            // When the store cannot be read the server stays: the next client shall see that error.
            let isLeased =
                isQuiet ? ((try? await runtime.store.read { try $0.leases.nextExpiry() != nil }) ?? true) : true
            idleMS = isLeased ? 0 : idleMS + step
            if idleMS >= afterSeconds * 1_000 { return control.stop(reason: "idle") }
        }
    }
}
