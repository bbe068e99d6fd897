import CGRPC
import OrcaSupport
import Synchronization

/// One call of a client. Everything blocks but `cancel`, which any thread may call at any time.
final class RPCRequest: Sendable {
    struct Outcome: Sendable {
        var code: Int32
        var message: String
        var details: [UInt8]
        var body: [UInt8]
    }

    private let library: RPCLibrary
    // The library's call; it lives until `deinit`. `cancel` is safe beside everything else; the rest is for one thread at a
    // time, which `GRPCClient` and `GRPCStream` see to.
    nonisolated(unsafe) private let raw: OpaquePointer
    private let givenUp = Atomic(false)

    init(
        _ library: RPCLibrary, _ channel: OpaquePointer, method: String, headers: [(name: String, value: [UInt8])],
        timeoutMS: Int64?
    ) {
        self.library = library
        // The library copies names and values before it returns.
        var texts: [[UInt8]] = []
        for header in headers { texts += [Array(header.name.utf8) + [0], header.value + [0]] }
        let flat = texts.flatMap { $0 }
        raw = flat.withUnsafeBufferPointer { flat in
            var list: [rpc_header] = []
            var position = 0
            for header in headers {
                var entry = rpc_header()
                entry.name = UnsafeRawPointer(flat.baseAddress!).advanced(by: position)
                    .assumingMemoryBound(to: CChar.self)
                position += header.name.utf8.count + 1
                entry.value = flat.baseAddress!.advanced(by: position)
                entry.count = header.value.count
                position += header.value.count + 1
                list.append(entry)
            }
            return rpc_request_new(library.table, channel, method, list, list.count, timeoutMS ?? -1)
        }
    }

    deinit { rpc_request_free(library.table, raw) }

    func cancel() {
        givenUp.store(true, ordering: .sequentiallyConsistent)
        rpc_request_cancel(library.table, raw)
    }

    /// Whether it was this side that ended the call.
    var isGivenUp: Bool { givenUp.load(ordering: .sequentiallyConsistent) }

    /// Sends and waits for the answer.
    func unary(_ bytes: [UInt8]) -> Outcome {
        var result = rpc_result()
        bytes.withUnsafeBufferPointer {
            rpc_request_unary(library.table, raw, $0.baseAddress, $0.count, &result)
        }
        return outcome(&result)
    }

    /// Sends and waits for the head of the answer; whether it has the header.
    func open(_ bytes: [UInt8], header: String) -> Bool {
        bytes.withUnsafeBufferPointer {
            rpc_request_open(library.table, raw, $0.baseAddress, $0.count, header) != 0
        }
    }

    /// The next message of a stream; `nil` at its end.
    func next() -> [UInt8]? {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard rpc_request_next(library.table, raw, &bytes, &count) != 0 else { return nil }
        defer { rpc_bytes_free(library.table, bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// How a stream ended; once, after `next` gave `nil`.
    func finish() -> Outcome {
        var result = rpc_result()
        rpc_request_finish(library.table, raw, &result)
        return outcome(&result)
    }

    private func outcome(_ result: inout rpc_result) -> Outcome {
        defer { rpc_result_free(library.table, &result) }
        func bytes(_ start: UnsafeMutablePointer<UInt8>?, _ count: Int) -> [UInt8] {
            Array(UnsafeBufferPointer(start: start, count: count))
        }
        return Outcome(
            code: result.code,
            message: String(decoding: bytes(result.message, result.message_count), as: UTF8.self),
            details: bytes(result.details, result.details_count), body: bytes(result.body, result.body_count))
    }
}
