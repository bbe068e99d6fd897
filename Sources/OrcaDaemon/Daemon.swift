import Glibc
import OrcaAPI
import OrcaCheckout
import OrcaCode
import OrcaDomain
import OrcaHTTP
import OrcaRuntime
import OrcaStore
import OrcaSupport
import OrcaTmux

/// The composition root: the only place where store, runtime and transports meet.
package enum Daemon {
    /// Runs a server until it is told to stop. Answers the exit code of the process.
    package static func main(arguments: [String]) async -> Int32 {
        if arguments.first == "db", arguments.contains("--help") || arguments.contains("-h") || arguments.count == 1 {
            print(DatabaseCommand.usage)
            return 0
        }
        if arguments.contains("--help") || arguments.contains("-h") || arguments == ["help"] {
            print(DaemonOptions.usage)
            return 0
        }
        if arguments == ["--version"] || arguments == ["version"] {
            print("orcad \(ProductVersion.current)")
            return 0
        }
        SignalPipe.ignoreBrokenPipes()
        do {
            let places = Places(environment: EnvironmentVariables.all, userID: getuid())
            var options = DaemonOptions(places: places)
            try options.apply(configuration: places.config)
            if arguments.first == "db" {
                try await DatabaseCommand(Array(arguments.dropFirst()), options, places).run()
                return 0
            }
            try options.apply(arguments: arguments)
            try options.settle()
            try await serve(options, places)
            return 0
        } catch {
            let told = DaemonError(anything: error)
            // What 'orca db' starts speaks like orca.
            let speaker = arguments.first == "db" ? "error" : "orcad"
            writeLine("\(speaker): \(told.message)", to: STDERR_FILENO)
            return told.exitCode
        }
    }

    private static func serve(_ options: DaemonOptions, _ places: Places) async throws {
        for directory in [places.runDirectory, places.stateDirectory, places.dataDirectory] {
            try Files.makeDirectories(directory, mode: 0o700)
        }
        let lock = try ServerLockFile(places.serverLock)
        let identity = ServerIdentity.current()
        let sink = try RotatingFileSink(path: places.log)
        defer { sink.close() }
        let log = Logger("orcad", level: options.logLevel, to: sink)
        let control = DaemonControl(log: log, identity: identity, options: options)
        // Signals are taken before anything is opened, so that a stop is always an orderly one.
        try followSignals(control)
        if let descriptor = options.embeddedDescriptor { try EmbeddedHome.follow(descriptor, control) }

        let store = try await StoreComposition(options, identity, log).open()
        let environment = EnvironmentVariables.all
        let clock = try await StoreComposition.clock(for: store)
        // Terminals outlive servers, and this one lives for a moment.
        let host =
            options.embeddedDescriptor == nil ? TerminalComposition.host(places, environment, log, clock) : nil
        let program = try Paths.resolved("/proc/self/exe")
        let surroundings = try TerminalComposition.surroundings(places, options, environment, program: program)
        let membership = try StoreComposition.membership(places, options, identity, store, clock, control)
        let isAlone = try await membership?.join() ?? true
        let checkouts = GitCheckoutHost()
        let runtime = Runtime(
            store: store, clock: clock, server: control, terminalHost: host, surroundings: surroundings,
            checkouts: HostCheckoutProbe(host: checkouts, store: store, node: membership?.node ?? ""),
            checkoutHost: checkouts, worktreeFolder: places.dataDirectory + "/worktrees",
            sandboxes: sandboxes(beside: program, options),
            membership: membership)
        let graced = try await runtime.prepare(grantsGrace: isAlone)
        _ = try await runtime.recoverCheckouts()
        let transports = try await Transports.start(options, places, runtime, log)
        if let url = transports.agentURL { surroundings.agentURL.set(url) }
        control.listening(transports)
        membership?.listening(at: transports.url)
        try lock.announce(identity, socket: options.socket, transports)
        tellListening(log, options, transports, store, graced)
        let home = HomeWatch(clock: runtime.clock, control: control, files: watched(places, options))
        let reason = await run(runtime, control, options, home)
        log.info("stopping", ["reason": .text(reason)])
        ServiceNotice.stopping()
        await transports.stop()
        await host?.shutdown()
        if options.embeddedDescriptor != nil { await membership?.leave() }
        await store.close()
        if options.embeddedDescriptor != nil { EmbeddedHome.remove(environment) }
        lock.release()
        log.info("stopped", [:])
    }

    private static func followSignals(_ control: DaemonControl) throws {
        let signals = try SignalPipe([SIGTERM, SIGINT, SIGHUP])
        let watcher = try ManagedThread("orca-signals") {
            while let signal = signals.next() {
                if signal != SIGHUP { control.stop(reason: "signal \(signal)") }
            }
        }
        _ = watcher  // ends with the process
    }

    private static func sandboxes(beside program: String, _ options: DaemonOptions) -> SandboxPool {
        let path = Files.split(program).folder + "/orca-sandbox"
        return SandboxPool(SandboxProgram(path: path, isDegradedAllowed: options.isDegradedAllowed))
    }

    private static func tellListening(
        _ log: Logger, _ options: DaemonOptions, _ transports: Transports, _ store: any Store, _ graced: Int
    ) {
        log.info(
            "listening",
            [
                "version": .text(ProductVersion.current), "socket": .text(options.socket), "tcp": .text(transports.tcp),
                "grpc": .text(transports.grpc), "store": .text(store.maintenance.name),
                "leases_extended": .number(Int64(graced)),
            ])
        tellReady(options, transports)
    }

    private static func tellReady(_ options: DaemonOptions, _ transports: Transports) {
        ServiceNotice.ready()
        if let descriptor = options.readyDescriptor {
            var byte: UInt8 = 1
            _ = write(descriptor, &byte, 1)
            close(descriptor)
        } else {
            let grpc = transports.grpc.isEmpty ? "" : "gRPC on \(transports.grpc)"
            let others = [transports.tcp, grpc].filter { !$0.isEmpty }.map { " and \($0)" }.joined()
            writeLine("orcad \(ProductVersion.current) listens on \(options.socket)\(others)", to: STDERR_FILENO)
        }
    }

    /// The files a server is found by and keeps its state in.
    private static func watched(_ places: Places, _ options: DaemonOptions) -> [(what: String, path: String)] {
        let found = [(what: "lock file", path: places.serverLock), (what: "socket", path: options.socket)]
        return options.isDatabaseFile ? found + [(what: "database", path: options.database)] : found
    }

    /// Runs the background services until somebody wants the server to stop. Answers why.
    private static func run(
        _ runtime: Runtime, _ control: DaemonControl, _ options: DaemonOptions, _ home: HomeWatch
    ) async -> String {
        await withTaskGroup(of: Void.self) { services in
            services.addTask { await runtime.feed.run() }
            services.addTask { await runtime.runTerminals() }
            if let membership = runtime.membership { services.addTask { await membership.run() } }
            services.addTask { await Upkeep(runtime, eventsKept: options.eventsKept).run() }
            services.addTask { await home.run() }
            if options.isAutoStarted {
                services.addTask {
                    await IdleStop(runtime: runtime, control: control, afterSeconds: options.idleStopSeconds).run()
                }
            }
            var reasons = control.stopReasons.makeAsyncIterator()
            let reason = await reasons.next() ?? "the process ends"
            services.cancelAll()
            return reason
        }
    }

    private static func writeLine(_ text: String, to descriptor: Int32) {
        let bytes = Array((text + "\n").utf8)
        _ = write(descriptor, bytes, bytes.count)  // a closed stderr is no reason to fail
    }
}
