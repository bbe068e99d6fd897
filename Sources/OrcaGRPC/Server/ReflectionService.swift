package import OrcaAPI
import OrcaProtobuf

/// Tells clients what is served here. Source: https://github.com/grpc/grpc/blob/master/doc/server-reflection.md; the two
/// versions differ in nothing but their name.
package struct ReflectionService: Sendable {
    package init() {}

    static let paths: Set<String> = [
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    ]

    private struct Index: Sendable {
        var files: [String: FileDescription] = [:]
        var fileOfSymbol: [String: String] = [:]
        var services: [String] = []
    }

    /// Read when somebody asks for the first time; most clients bring the protos.
    private static let index: Index = {
        var index = Index()
        for bytes in DescriptorSet.files {
            // What the generator wrote can be read; a test asks for every service.
            guard let file = try? FileDescription(bytes) else { continue }
            index.files[file.name] = file
            for symbol in file.symbols { index.fileOfSymbol[symbol] = file.name }
            index.services += file.services
        }
        index.services.sort()
        return index
    }()

    /// Full names of the services that are served.
    package var services: [String] { Self.index.services }

    /// The answer to one request, both in wire format.
    package func answer(_ bytes: [UInt8]) throws(APIError) -> [UInt8] {
        var request = ReflectionRequest()
        do {
            var reader = WireReader(bytes)
            try reader.readFields(into: &request)
        } catch {
            throw APIError(error)
        }
        var writer = WireWriter()
        writer.singular(ProtoString.self, 1, request.host)
        writer.field(ProtoBytes.self, 2, bytes)
        let index = Self.index
        switch request.question {
        case .file(let name): answer(index, file: name, &writer)
        case .symbol(let name): answer(index, file: index.fileOfSymbol[name] ?? name, &writer)
        case .services:
            var list = WireWriter()
            for name in index.services {
                var service = WireWriter()
                service.singular(ProtoString.self, 1, name)
                list.field(ProtoBytes.self, 1, service.bytes)
            }
            writer.field(ProtoBytes.self, 6, list.bytes)
        case .other: refuse(.unimplemented, "The API has no extensions.", &writer)
        case nil: refuse(.invalidArgument, "The request asks for nothing.", &writer)
        }
        return writer.bytes
    }

    /// A file and everything it imports, so that one question is enough.
    private func answer(_ index: Index, file name: String, _ writer: inout WireWriter) {
        guard index.files[name] != nil else {
            return refuse(.notFound, "There is neither a file nor a symbol '\(name)' here.", &writer)
        }
        var order: [String] = []
        var next = [name]
        while let name = next.popLast() {
            guard !order.contains(name), let file = index.files[name] else { continue }
            order.append(name)
            next += file.imports
        }
        var list = WireWriter()
        for name in order { list.field(ProtoBytes.self, 1, index.files[name]?.bytes ?? []) }
        writer.field(ProtoBytes.self, 4, list.bytes)
    }

    private func refuse(_ code: RPCCode, _ message: String, _ writer: inout WireWriter) {
        var error = WireWriter()
        error.singular(ProtoInt32.self, 1, code.rawValue)
        error.singular(ProtoString.self, 2, message)
        writer.field(ProtoBytes.self, 7, error.bytes)
    }
}

/// `ServerReflectionRequest`
private struct ReflectionRequest: ProtoDecodable {
    enum Question {
        case file(String)
        case symbol(String)
        case services
        case other
    }

    var host = ""
    var question: Question?

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: host = try reader.string()
        case 3: question = .file(try reader.string())
        case 4: question = .symbol(try reader.string())
        case 5, 6:
            try reader.skip()
            question = .other
        case 7:
            try reader.skip()
            question = .services
        default: try reader.skip()
        }
    }

    static func fieldName(_ number: Int) -> String { "message_request" }
}
