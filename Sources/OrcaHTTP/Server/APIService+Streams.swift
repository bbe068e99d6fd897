import OrcaAPI
import OrcaDomain
import OrcaProtobuf

extension APIService {
    /// Sends what a stream yields until it ends, the client leaves, or the server stops.
    func forward(_ stream: any ResponseStream, as format: StreamFormat, _ operation: APIOperation, _ call: Call) async {
        let exchange = call.exchange
        exchange.beginStream(
            contentType: format.contentType, fields: [("X-Request-Id", call.id)] + originFields(call.request),
            heartbeat: format.heartbeat)
        metrics.streamOpened()
        await withTaskCancellationHandler {
            do {
                while let messages = try await stream.next() {
                    let bytes = encoder.encode(messages, as: format)
                    metrics.countStreamed(messages.count)
                    guard await exchange.send(bytes) else { break }
                }
            } catch is CancellationError {
                // It ends the way a stream ends.
            } catch {
                await sendError(error, format, operation, call)
            }
        } onCancel: {
            stream.cancel()
        }
        stream.cancel()
        metrics.streamClosed()
        exchange.endStream()
    }

    private func sendError(
        _ error: any Error, _ format: StreamFormat, _ operation: APIOperation, _ call: Call
    ) async {
        let known: APIError
        if let error = error as? APIError {
            known = error
        } else {
            hooks.reportInternalError(operation.name, call.id, error)
            known = APIError(
                "internal", .internal, "The server failed on this stream; its log tells why, under \(call.id).")
        }
        _ = await call.exchange.send(encoder.encode(Self.message(known), as: format))
    }
}
