import CHTTPShim
import OrcaTLS

/// An HTTP/1.1 engine: one epoll loop on one thread.
///
/// Why it is our own and not a library's: docs/adr/0001-own-http-loop.md.
package final class LoopEngine: HTTPEngine, @unchecked Sendable {
    let thread: LoopThread
    let service: any HTTPService
    let limits: HTTPLimits
    let clock: any LoopClock
    private let open: ConnectionCounter

    // From here on: the loop thread's own.
    private var listeners: [UInt64: Listener] = [:]
    private var connections: [UInt64: Connection] = [:]
    private var nextKey: UInt64 = 1
    private var deadlines = DeadlineQueue()
    private var events = [http_event](repeating: http_event(), count: 256)
    /// Connections that have something to send when the turn ends.
    private var dirty: [Connection] = []
    /// Connections that have something to do although no event says so.
    private var ready: [Connection] = []
    private var pausedListeners: (keys: [UInt64], until: Int64)?
    var scratch = [UInt8](repeating: 0, count: 64 << 10)
    var bodiesBytes = 0
    private(set) var isDraining = false
    private var handlers = 0
    private var drainDeadline = Int64.max
    private var giveUpDeadline = Int64.max
    private var onStopped: [@Sendable () -> Void] = []
    private var date: (second: Int64, text: [UInt8]) = (-1, [])

    package init(
        listeners: [Listener], service: any HTTPService, limits: HTTPLimits, clock: any LoopClock,
        counter: ConnectionCounter
    ) throws(HTTPServerError) {
        thread = try LoopThread()
        open = counter
        self.service = service
        self.limits = limits
        self.clock = clock
        for listener in listeners { self.listeners[takeKey()] = listener }
    }

    package var connectionCount: Int { open.count }

    package func start() throws(HTTPServerError) {
        // The usual limit of 1024 descriptors is less than the connections that are allowed; some are for files.
        http_allow_descriptors(UInt64(limits.connectionsMax) + 256)
        for (key, listener) in listeners {
            let status = http_poll_add_listener(thread.poll, listener.descriptor, key)
            guard status >= 0 else {
                throw HTTPServerError(.system, "The socket cannot be watched: \(systemMessage(-status)).")
            }
        }
        clock.onChange { [thread] in thread.perform {} }
        thread.start { [self] in turn() }
    }

    package func stop(drainMS: Int64) async {
        await withCheckedContinuation { continuation in
            thread.perform { [self] in
                onStopped.append { continuation.resume() }
                beginDrain(drainMS)
            }
        }
    }

    // MARK: The loop

    private func turn() {
        thread.runWork()
        runReady()
        flushDirty()
        checkDrain()
        guard !thread.isFinished else { return }
        let isBusy = thread.hasWork || !ready.isEmpty || !dirty.isEmpty
        let count = http_poll_wait(thread.poll, &events, Int32(events.count), isBusy ? 0 : timeout())
        for index in 0..<max(0, Int(count)) { dispatch(events[index]) }
        expire()
    }

    private func timeout() -> Int32 {
        guard clock.runs else { return -1 }
        var next = min(deadlines.first?.time ?? .max, drainDeadline, giveUpDeadline)
        if let paused = pausedListeners { next = min(next, paused.until) }
        guard next < .max else { return -1 }
        return Int32(clamping: max(0, (next - clock.now() + 999) / 1000))
    }

    private func dispatch(_ event: http_event) {
        if event.key == LoopThread.wakeKey {
            thread.takePending()
        } else if let connection = connections[event.key] {
            connection.react(to: event.events)
        } else if let listener = listeners[event.key] {
            accept(from: listener)
        }
    }

    private func runReady() {
        let batch = ready
        ready.removeAll(keepingCapacity: true)
        for connection in batch { connection.proceed() }
    }

    private func flushDirty() {
        while !dirty.isEmpty {
            let batch = dirty
            dirty.removeAll(keepingCapacity: true)
            for connection in batch { connection.flush() }
        }
    }

    private func expire() {
        let now = clock.now()
        while let entry = deadlines.removeFirst(until: now) {
            guard let connection = connections[entry.connection], connection.armedAt == entry.time else { continue }
            connection.armedAt = .max
            if connection.deadline <= now { connection.timeIsOver(now) }
            arm(connection)
        }
        if let paused = pausedListeners, paused.until <= now { resumeListeners(paused.keys) }
    }

    // MARK: For connections

    func schedule(_ connection: Connection) { ready.append(connection) }

    func markDirty(_ connection: Connection) { dirty.append(connection) }

    func arm(_ connection: Connection) {
        guard connection.deadline < connection.armedAt else { return }
        connection.armedAt = connection.deadline
        deadlines.insert(DeadlineQueue.Entry(time: connection.deadline, connection: connection.key))
    }

    func remove(_ connection: Connection) {
        guard connections.removeValue(forKey: connection.key) != nil else { return }
        open.add(-1)
    }

    /// Runs a request's handler on this thread, at once.
    func run(_ request: HTTPRequest, on connection: Connection) -> Task<Void, Never> {
        handlers += 1
        return Task.immediate(executorPreference: thread) { [self] in
            await service.handle(request, connection)
            handlers -= 1
            connection.handlerEnded()
        }
    }

    /// The bytes of the `Date` field.
    func dateField() -> [UInt8] {
        let second = clock.now() / 1_000_000
        if date.second != second {
            var buffer = [CChar](repeating: 0, count: 32)
            let count = Int(http_date(&buffer))
            date = (second, buffer[..<count].map { UInt8(bitPattern: $0) })
        }
        return date.text
    }

    private func takeKey() -> UInt64 {
        nextKey += 1
        return nextKey
    }

    // MARK: Accepting

    private func accept(from listener: Listener) {
        // Bounded, so that a flood of connections does not keep the others waiting.
        for _ in 0..<64 {
            let descriptor = http_accept(listener.descriptor)
            guard descriptor >= 0 else {
                if Listener.isOutOfResources(descriptor) { pauseListeners() }
                return
            }
            if listener.peer != .unix { http_no_delay(descriptor) }
            let wire: Wire
            do throws(TLSError) {
                wire = try Wire(descriptor, listener.identity?.context(nowMS: clock.now() / 1_000))
            } catch {
                http_close(descriptor)
                continue
            }
            let connection = Connection(engine: self, key: takeKey(), wire: wire, peer: listener.peer)
            guard http_poll_add(thread.poll, descriptor, connection.key) >= 0 else {
                http_close(descriptor)
                continue
            }
            connections[connection.key] = connection
            open.add(1)
            connection.begin()
            if connections.count > limits.connectionsMax {
                connection.refuse(
                    HTTPFault(
                        503, "too_many_connections", "\(limits.connectionsMax) connections are open; try again later."))
            } else if !listener.admits(descriptor) {
                connection.refuse(HTTPFault(403, "foreign_user", "This socket belongs to another user."))
            }
        }
    }

    /// No descriptors are left: a listener that stays readable would spin.
    private func pauseListeners() {
        guard pausedListeners == nil else { return }
        for listener in listeners.values { _ = http_poll_remove(thread.poll, listener.descriptor) }
        pausedListeners = (Array(listeners.keys), clock.now() + 100_000)
    }

    private func resumeListeners(_ keys: [UInt64]) {
        pausedListeners = nil
        for key in keys {
            guard let listener = listeners[key] else { continue }
            _ = http_poll_add_listener(thread.poll, listener.descriptor, key)
        }
    }

    // MARK: Stopping

    private func beginDrain(_ milliseconds: Int64) {
        guard !isDraining else { return }
        isDraining = true
        drainDeadline = clock.now() + milliseconds * 1000
        for listener in listeners.values { listener.close() }
        listeners = [:]
        pausedListeners = nil
        for connection in Array(connections.values) { connection.drain() }
    }

    private func checkDrain() {
        guard isDraining else { return }
        let now = clock.now()
        if now >= drainDeadline {
            // Handlers have been cancelled then; one that does not heed it is waited for a little, not for ever.
            drainDeadline = .max
            giveUpDeadline = now + limits.lingerMS * 1000
            for connection in Array(connections.values) { connection.abandon() }
        }
        let isDone = connections.isEmpty && handlers == 0
        guard isDone || now >= giveUpDeadline else { return }
        // The thread goes on for handlers that are left: their jobs have nowhere else to run.
        thread.isFinished = isDone
        if !isDone { giveUpDeadline = .max }
        for body in onStopped { body() }
        onStopped = []
    }
}
