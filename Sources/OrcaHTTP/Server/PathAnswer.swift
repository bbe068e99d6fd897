/// What is answered at a path that is no operation.
package enum PathAnswer: Sendable {
    case whole(HTTPResponse)
    /// Server-sent events, until there are no more or the client leaves.
    case events(any EventSource)
}

/// Events that come about while they are read.
package protocol EventSource: Sendable {
    /// The data of the next events, at least one, each without line ends; waits for it. `nil` at the end.
    func next() async -> [[UInt8]]?

    /// Nobody reads any more; a waiting `next` answers `nil`. May be called more than once and from any thread.
    func cancel()
}

extension APIService {
    /// Answers; the status is for the metrics.
    func respond(_ answer: PathAnswer, _ call: Call) async -> Int {
        switch answer {
        case .whole(let response): return respond(response, call)
        case .events(let source):
            await send(source, call)
            return 200
        }
    }

    private func send(_ source: any EventSource, _ call: Call) async {
        let format = StreamFormat.events
        call.exchange.beginStream(
            contentType: format.contentType,
            // Proxies must not keep events back.
            fields: [("X-Request-Id", call.id), ("Cache-Control", "no-cache"), ("X-Accel-Buffering", "no")],
            heartbeat: format.heartbeat)
        metrics.streamOpened()
        await withTaskCancellationHandler {
            while let events = await source.next() {
                let bytes = events.flatMap { Array("event: message\ndata: ".utf8) + $0 + Array("\n\n".utf8) }
                metrics.countStreamed(events.count)
                guard await call.exchange.send(bytes) else { break }
            }
        } onCancel: {
            source.cancel()
        }
        source.cancel()
        metrics.streamClosed()
        call.exchange.endStream()
    }
}
