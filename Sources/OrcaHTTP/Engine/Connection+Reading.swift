import CHTTPShim
import Glibc

extension Connection {
    /// Does all that can be done without waiting: reads, parses, starts handlers.
    func proceed() {
        isScheduled = false
        var requests = 0
        while true {
            switch phase {
            case .head:
                // A client that sends requests and reads no answers waits.
                guard outputCount < engine.limits.outputBytesMax else { return updateDeadline() }
                do {
                    if try parseHead() { continue }
                } catch {
                    return refuse(error)
                }
            case .body:
                do {
                    if try takeBody() {
                        requests += 1
                        startHandler()
                        // Other connections get their turn between the requests of a long pipeline.
                        if requests == 16 { return schedule() }
                        continue
                    }
                } catch {
                    return refuse(error)
                }
            case .lingering: inputStart = input.count
            case .handling, .streaming, .closing, .closed: return updateDeadline()
            }
            guard receive() else { return updateDeadline() }
        }
    }

    func schedule() {
        guard !isScheduled, phase != .closed else { return }
        isScheduled = true
        engine.schedule(self)
    }

    /// Reads once. False when there is nothing to read now, or never again.
    private func receive() -> Bool {
        guard mayRead else { return false }
        let count = engine.scratch.withUnsafeMutableBytes { wire.receive(into: $0) }
        if count > 0 {
            if inputStart >= input.count {
                input.removeAll(keepingCapacity: input.capacity <= 4096)
                inputStart = 0
                if phase == .head { requestStart = engine.clock.now() }
            }
            if phase != .lingering { input.append(contentsOf: engine.scratch[..<count]) }
            return true
        }
        if count == -Int(ECONNABORTED) {
            // Closing at once would take the reason away again, when the client sends already.
            linger()
            return false
        }
        mayRead = false
        if count < 0, Listener.isTryAgain(Int32(count)) { return false }
        if count == -Int(EPROTO) {
            refuse(HTTPFault(400, "tls_required", "This port speaks TLS only; use https://."))
        } else if count == 0, outputCount > 0, phase == .head {
            // It has closed its side and waits for the rest of the answers.
            phase = .closing
        } else {
            close()
        }
        return false
    }

    /// True when a head was complete.
    private func parseHead() throws(HTTPFault) -> Bool {
        skipLineEnd()
        guard inputStart < input.count else {
            dropInput()
            return false
        }
        guard let count = try scanner.end(in: input, from: inputStart, limits: engine.limits) else { return false }
        let head = try HeadParser.parse(Array(input[inputStart..<inputStart + count]), limits: engine.limits)
        inputStart += count
        scanner = HeadScanner()
        self.head = head
        isHeadRequest = head.method == "HEAD"
        streamIsChunked = head.isVersion11
        keepsAlive = head.keepsAlive && !engine.isDraining
        hasAnswered = false
        endReason = nil
        timeLimit = .max
        phase = .body
        requestStart = engine.clock.now()
        switch head.framing {
        case .none: decoder = nil
        case .length(let count):
            decoder = nil
            try reserveBody(count)
        case .chunked: decoder = ChunkedDecoder()
        }
        if head.framing != .none, head.expectsContinue, inputStart >= input.count {
            append("HTTP/1.1 100 Continue\r\n\r\n")
        }
        return true
    }

    /// One line end before a request is forgiven, as RFC 9112, 2.2 asks for.
    private func skipLineEnd() {
        guard input.count - inputStart >= 2, input[inputStart] == 0x0D, input[inputStart + 1] == 0x0A else { return }
        inputStart += 2
    }

    /// True when the body is complete.
    private func takeBody() throws(HTTPFault) -> Bool {
        guard let head else { return false }
        switch head.framing {
        case .none: return true
        case .length(let count):
            let taken = min(count - body.count, input.count - inputStart)
            body.append(contentsOf: input[inputStart..<inputStart + taken])
            inputStart += taken
            dropInput()
            return body.count == count
        case .chunked:
            guard var decoder else { return false }
            let before = body.count
            // Taken out while it works, so that it is not copied.
            self.decoder = nil
            inputStart += try decoder.decode(input[inputStart...], into: &body, limits: engine.limits)
            self.decoder = decoder
            try reserveBody(body.count - before)
            dropInput()
            return decoder.isDone
        }
    }

    private func dropInput() {
        guard inputStart >= input.count else { return }
        input.removeAll(keepingCapacity: input.capacity <= 4096 && phase == .body)
        inputStart = 0
    }

    private func reserveBody(_ count: Int) throws(HTTPFault) {
        bodyReserved += count
        engine.bodiesBytes += count
        guard engine.bodiesBytes <= engine.limits.bodiesBytesMax else {
            throw HTTPFault(503, "too_busy", "Too many bodies are being received; try again later.")
        }
    }

    func releaseBody() {
        engine.bodiesBytes -= bodyReserved
        bodyReserved = 0
        body = []
        decoder = nil
    }

    private func startHandler() {
        guard let head else { return }
        let request = HTTPRequest(head: head, body: body, peer: peer)
        self.head = nil
        releaseBody()
        phase = .handling
        let task = engine.run(request, on: self)
        // A handler that is through already must not be held.
        if !hasAnswered || phase == .streaming { self.task = task }
        if endReason != nil { task.cancel() }
    }

    /// Answers a request that no handler sees, and ends the connection: after a fault nobody knows where the next request begins.
    func refuse(_ fault: HTTPFault) {
        guard phase != .closed else { return }
        // Before the greeting there is no way to say anything.
        guard wire.isGreeted else { return close() }
        head = nil
        keepsAlive = false
        releaseBody()
        inputStart = input.count
        phase = .handling
        hasAnswered = false
        isHeadRequest = false
        respond(engine.service.answer(to: fault))
    }
}
