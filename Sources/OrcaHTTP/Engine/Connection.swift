import CHTTPShim

/// One connection: a state machine between a socket and the handlers of its requests, one request after the other.
///
/// Belongs to the loop thread: every method runs there, which is why it needs no lock and may be sent.
final class Connection: HTTPExchange, @unchecked Sendable {
    enum Phase {
        /// Waits for a request, or has a part of its head.
        case head
        case body
        /// The handler is at work; nothing is read.
        case handling
        case streaming
        /// The answer is sent in full and then the connection ends.
        case closing
        /// The answer is sent; what still comes is dropped until the client has seen it.
        case lingering
        case closed
    }

    // Strong: the engine lets go of a connection when it is closed, and a weak reference would slow down every other one.
    let engine: LoopEngine
    let key: UInt64
    let peer: HTTPRequest.Peer
    var wire: Wire
    var phase = Phase.head

    // Reading
    var input: [UInt8] = []
    var inputStart = 0
    var scanner = HeadScanner()
    var head: RequestHead?
    var body: [UInt8] = []
    var bodyReserved = 0
    var decoder: ChunkedDecoder?
    var mayRead = false
    var requestStart = Int64(0)

    // Answering
    var output: [UInt8] = []
    var outputStart = 0
    var mayWrite = true
    var isDirty = false
    var isScheduled = false
    var keepsAlive = true
    var isHeadRequest = false
    var streamIsChunked = false
    var heartbeat: [UInt8] = []
    /// When a stream last said something.
    var lastWrite = Int64(0)
    /// Since when the client takes nothing of what waits for it.
    var stallStart = Int64.max
    var lingerStart = Int64(0)
    var writer: CheckedContinuation<Bool, Never>?
    var task: Task<Void, Never>?
    var hasAnswered = false
    var endReason: ExchangeEnd?
    var timeLimit = Int64.max

    // Deadlines
    var deadline = Int64.max
    /// Time of the live entry in the engine's queue.
    var armedAt = Int64.max

    init(engine: LoopEngine, key: UInt64, wire: Wire, peer: HTTPRequest.Peer) {
        self.engine = engine
        self.key = key
        self.wire = wire
        self.peer = peer
    }

    deinit {
        precondition(wire.isClosed, "a connection was dropped without being closed")
    }

    func begin() {
        requestStart = engine.clock.now()
        updateDeadline()
    }

    // MARK: Events

    func react(to events: UInt32) {
        if events & UInt32(HTTP_READABLE) != 0 { mayRead = true }
        if events & UInt32(HTTP_WRITABLE) != 0 {
            mayWrite = true
            // What kept it from reading may have been that TLS had something to say first.
            if wire.readsAfterWriting { mayRead = true }
            if outputCount > 0 { markDirty() }
        }
        if events & UInt32(HTTP_CLOSED) != 0 { return peerIsGone() }
        if events & UInt32(HTTP_HALF_CLOSED) != 0 { peerClosedItsSide() }
        proceed()
    }

    /// The peer will send nothing more. Over TCP that is all one learns of a client that left, so a waiting request is cancelled; what
    /// its handler still answers is sent, for clients that only closed their sending side. On a unix socket leaving is told apart.
    private func peerClosedItsSide() {
        guard peer != .unix, phase == .handling || phase == .streaming else { return }
        end(.clientLeft)
    }

    private func peerIsGone() {
        end(.clientLeft)
        close()
    }

    func timeIsOver(_ now: Int64) {
        switch phase {
        case .head, .body:
            guard phase == .body || !isIdle else { return close() }
            if outputCount > 0 { return close() }
            refuse(HTTPFault(408, "request_timeout", "The request did not arrive in time."))
        case .handling:
            endIfLate(now)
            if isStalled(now) { peerIsGone() }
        case .streaming:
            endIfLate(now)
            if isStalled(now) { return peerIsGone() }
            if outputCount == 0, !heartbeat.isEmpty, now >= lastWrite + engine.limits.heartbeatMS * 1000 {
                append(chunk: heartbeat)
                lastWrite = now
            }
        case .closing, .lingering: close()
        case .closed: break
        }
        updateDeadline()
    }

    private func endIfLate(_ now: Int64) {
        guard now >= timeLimit else { return }
        timeLimit = .max
        end(.timeOver)
    }

    private func isStalled(_ now: Int64) -> Bool {
        stallStart < .max && now >= stallStart + engine.limits.writeMS * 1000
    }

    /// Cancels the handler, once.
    func end(_ reason: ExchangeEnd) {
        guard endReason == nil, task != nil || phase == .handling || phase == .streaming else { return }
        endReason = reason
        task?.cancel()
        resumeWriter(reason != .clientLeft)
    }

    // MARK: Stopping

    /// Idle connections end now, streams are told to end, requests in flight are finished.
    func drain() {
        switch phase {
        case .head where outputCount == 0: close()
        case .head, .body: keepsAlive = false
        case .handling: keepsAlive = false
        case .streaming: end(.stopping)
        case .closing, .lingering, .closed: break
        }
    }

    /// The time for a graceful end is over.
    func abandon() {
        end(.stopping)
        close()
    }

    // MARK: Deadlines

    var isIdle: Bool { inputStart >= input.count }

    func updateDeadline() {
        let limits = engine.limits
        var next = Int64.max
        switch phase {
        case .head: next = requestStart + (isIdle && wire.isGreeted ? limits.idleMS : limits.headMS) * 1000
        case .body: next = requestStart + limits.bodyMS * 1000
        case .handling: next = timeLimit
        case .streaming:
            next = timeLimit
            if !heartbeat.isEmpty, outputCount == 0 { next = min(next, lastWrite + limits.heartbeatMS * 1000) }
        case .closing: break
        case .lingering: next = lingerStart + limits.lingerMS * 1000
        case .closed: break
        }
        if stallStart < .max { next = min(next, stallStart + limits.writeMS * 1000) }
        deadline = next
        engine.arm(self)
    }

    // MARK: Ending

    func close() {
        guard phase != .closed else { return }
        phase = .closed
        _ = http_poll_remove(engine.thread.poll, wire.descriptor)
        wire.close()
        deadline = .max
        input = []
        output = []
        inputStart = 0
        outputStart = 0
        releaseBody()
        resumeWriter(false)
        engine.remove(self)
    }

    func resumeWriter(_ isThere: Bool) {
        guard let writer else { return }
        self.writer = nil
        writer.resume(returning: isThere)
    }
}
