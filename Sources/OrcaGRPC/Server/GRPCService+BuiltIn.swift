import OrcaAPI
import OrcaDomain
import OrcaProtobuf

/// The services that are none of the catalogue's. They say no more than the OpenAPI document and `/readyz`, so they need no
/// token either.
extension GRPCService {
    static let healthCheck = "/grpc.health.v1.Health/Check"
    static let healthWatch = "/grpc.health.v1.Health/Watch"
    static let builtIns = ReflectionService.paths.union([healthCheck, healthWatch])

    func serveBuiltIn(_ message: [UInt8], _ exchange: Exchange) async throws {
        switch exchange.call.method {
        case Self.healthCheck: try await checkHealth(message, exchange.call)
        case Self.healthWatch: try await watchHealth(message, exchange.call)
        default: try await reflect(message, exchange.call)
        }
    }

    // MARK: Health. Source: https://github.com/grpc/grpc/blob/master/doc/health-checking.md.

    private enum Serving: Int32 {
        case serving = 1
        case notServing = 2
        case serviceUnknown = 3

        /// A `HealthCheckResponse`.
        var message: [UInt8] {
            var writer = WireWriter()
            writer.singular(ProtoInt32.self, 1, rawValue)
            return writer.bytes
        }
    }

    /// The whole server is the empty name; each of its services is as ready as the whole.
    private func serving(_ message: [UInt8]) async throws(APIError) -> Serving {
        let service = try NamedService(reading: message).name
        guard service.isEmpty || reflection.services.contains(service) else { return .serviceUnknown }
        guard !streams.isClosed else { return .notServing }
        return await hooks.notReady() == nil ? .serving : .notServing
    }

    private func checkHealth(_ message: [UInt8], _ call: RPCCall) async throws {
        let found = try await serving(message)
        guard found != .serviceUnknown else {
            throw APIError("no_such_service", .notFound, "There is no service of that name here.")
        }
        call.finish(message: found.message)
    }

    private func watchHealth(_ message: [UInt8], _ call: RPCCall) async throws {
        let bell = Bell()
        guard let ticket = streams.add({ bell.ring() }) else {
            call.finish(message: Serving.notServing.message)
            return
        }
        defer { streams.remove(ticket) }
        try await withTaskCancellationHandler {
            var last: Serving?
            while !Task.isCancelled {
                let now = try await serving(message)
                if now != last, await !call.write(now.message) { return }
                last = now
                if streams.isClosed { break }
                await bell.wait(milliseconds: limits.healthMS)
            }
        } onCancel: {
            bell.ring()
        }
        call.finish()
    }

    // MARK: Reflection

    private func reflect(_ first: [UInt8], _ call: RPCCall) async throws {
        guard let ticket = streams.add({ call.finish() }) else { return call.finish() }
        defer { streams.remove(ticket) }
        var message: [UInt8]? = first
        while let request = message {
            guard request.count <= limits.messageBytesMax, await call.write(try reflection.answer(request)) else {
                break
            }
            message = await call.read()
        }
        call.finish()
    }
}

/// `grpc.health.v1.HealthCheckRequest`
private struct NamedService: ProtoDecodable {
    var name = ""

    init() {}

    init(reading bytes: [UInt8]) throws(APIError) {
        var reader = WireReader(bytes)
        do {
            try reader.readFields(into: &self)
        } catch {
            throw APIError(error)
        }
    }

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: name = try reader.string()
        default: try reader.skip()
        }
    }

    static func fieldName(_ number: Int) -> String { "service" }
}
