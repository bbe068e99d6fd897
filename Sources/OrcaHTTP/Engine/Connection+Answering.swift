import CHTTPShim

extension Connection {
    var outputCount: Int { output.count - outputStart }

    // MARK: HTTPExchange

    func respond(_ response: HTTPResponse) {
        precondition(engine.thread.isCurrent, "answers are given on the loop's thread")
        guard phase == .handling, !hasAnswered else { return }
        hasAnswered = true
        let hasBody = response.hasBody
        appendHead(response.status, hasBody ? response.contentType : nil, response.fields)
        append(hasBody ? "\r\nContent-Length: \(response.body.count)\r\n\r\n" : "\r\n\r\n")
        if !isHeadRequest, hasBody { output.append(contentsOf: response.body) }
        markDirty()
        finishAnswer()
    }

    func beginStream(contentType: String, fields: [(name: String, value: String)], heartbeat: [UInt8]) {
        precondition(engine.thread.isCurrent, "answers are given on the loop's thread")
        guard phase == .handling, !hasAnswered else { return }
        hasAnswered = true
        phase = .streaming
        // Before HTTP/1.1 only the end of the connection ends a body of unknown length.
        if !streamIsChunked { keepsAlive = false }
        self.heartbeat = heartbeat
        appendHead(200, contentType, fields)
        append(streamIsChunked ? "\r\nTransfer-Encoding: chunked\r\n\r\n" : "\r\n\r\n")
        lastWrite = engine.clock.now()
        markDirty()
        updateDeadline()
    }

    func send(_ bytes: [UInt8]) async -> Bool {
        precondition(engine.thread.isCurrent, "answers are given on the loop's thread")
        guard phase == .streaming, endReason != .clientLeft else { return false }
        append(chunk: bytes)
        lastWrite = engine.clock.now()
        guard outputCount > engine.limits.outputBytesMax else { return true }
        updateDeadline()
        return await withCheckedContinuation { writer = $0 }
    }

    func endStream() {
        precondition(engine.thread.isCurrent, "answers are given on the loop's thread")
        guard phase == .streaming else { return }
        if streamIsChunked { append("0\r\n\r\n") }
        markDirty()
        heartbeat = []
        phase = .handling
        finishAnswer()
    }

    func limitTime(milliseconds: Int64) {
        timeLimit = engine.clock.now() + milliseconds * 1000
        updateDeadline()
    }

    /// The handler has returned.
    func handlerEnded() {
        task = nil
        switch phase {
        case .handling where !hasAnswered:
            respond(engine.service.answer(to: HTTPFault(500, "internal", "The request was not answered.")))
        case .streaming: endStream()
        default: break
        }
    }

    // MARK: Writing

    private func appendHead(_ status: Int, _ contentType: String?, _ fields: [(name: String, value: String)]) {
        append("HTTP/1.1 \(status) \(HTTPResponse.reason(status))\r\nDate: ")
        output.append(contentsOf: engine.dateField())
        if let contentType {
            append("\r\nContent-Type: ")
            append(contentType)
        }
        append("\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff")
        if !keepsAlive { append("\r\nConnection: close") }
        for (name, value) in fields {
            append("\r\n")
            append(name)
            append(": ")
            append(value)
        }
    }

    func append(_ text: String) {
        output.append(contentsOf: text.utf8)
        markDirty()
    }

    /// A part of a stream, in its chunk.
    func append(chunk bytes: [UInt8]) {
        guard !bytes.isEmpty, !isHeadRequest else { return }
        if streamIsChunked { append(String(bytes.count, radix: 16) + "\r\n") }
        output.append(contentsOf: bytes)
        if streamIsChunked { append("\r\n") }
        markDirty()
    }

    func markDirty() {
        guard !isDirty else { return }
        isDirty = true
        engine.markDirty(self)
    }

    private func finishAnswer() {
        if keepsAlive, !engine.isDraining {
            phase = .head
            requestStart = engine.clock.now()
            // The handler may stand in the middle of `proceed`; going on from here would nest.
            schedule()
        } else {
            phase = .closing
        }
    }

    /// Sends what waits, as far as the socket takes it.
    func flush() {
        isDirty = false
        guard phase != .closed else { return }
        while outputCount > 0, mayWrite {
            let sent = output.withUnsafeBytes { bytes in
                wire.send(UnsafeRawBufferPointer(rebasing: bytes[outputStart...]))
            }
            if sent >= 0 {
                outputStart += sent
                stallStart = .max
            } else if Listener.isTryAgain(Int32(sent)) {
                mayWrite = false
                stallStart = min(stallStart, engine.clock.now())
            } else {
                end(.clientLeft)
                return close()
            }
        }
        compactOutput()
        if outputCount <= engine.limits.outputBytesMax / 2 {
            resumeWriter(true)
            if phase == .head, !isIdle || mayRead { schedule() }
        }
        if phase == .closing, outputCount == 0 { linger() }
        updateDeadline()
    }

    /// An idle connection holds no buffer.
    private func compactOutput() {
        if outputCount == 0 {
            output.removeAll(keepingCapacity: output.capacity <= 1024 && phase != .streaming && phase != .head)
            outputStart = 0
        } else if outputStart > 64 << 10 {
            output.removeFirst(outputStart)
            outputStart = 0
        }
    }

    /// Closing at once could destroy an answer that the client has not read yet, when it still sends.
    func linger() {
        phase = .lingering
        lingerStart = engine.clock.now()
        wire.endWriting()
        schedule()
    }
}
