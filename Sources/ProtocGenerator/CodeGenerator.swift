package import OrcaProtobuf

/// The generator behind `protoc-gen-orca`: protos in, Swift (or another form) out.
package enum CodeGenerator {
    package struct Output: Sendable, Equatable {
        package let name: String
        package let content: String
    }

    /// Answers protoc: the bytes of a CodeGeneratorRequest in, those of a CodeGeneratorResponse out. What is wrong with the
    /// protos is reported in the answer, as protoc wants it.
    package static func respond(to request: [UInt8]) throws(ProtoError) -> [UInt8] {
        let request = try decode(CodeGeneratorRequest.self, request)
        var writer = WireWriter()
        // FEATURE_PROTO3_OPTIONAL
        writer.field(ProtoUInt64.self, 2, 1)
        do {
            let schema = try Schema(request.files, only: request.filesToGenerate)
            let outputs =
                request.parameter == "descriptors"
                ? [DescriptorEmitter(files: request.files).output] : try outputs(schema, emit: request.parameter)
            for output in outputs { writer.message(15, OutputFile(output)) }
        } catch {
            writer.field(ProtoString.self, 1, error.description)
        }
        return writer.bytes
    }

    /// Generates from what `protoc --descriptor_set_out --include_imports --include_source_info` wrote.
    package static func generate(
        descriptorSet: [UInt8], files: [String], emit: String
    ) throws -> [Output] {
        let set = try decode(FileDescriptorSet.self, descriptorSet)
        if emit == "descriptors" { return [DescriptorEmitter(files: set.files).output] }
        return try outputs(try Schema(set.files, only: files), emit: emit)
    }

    private static func decode<M: ProtoDecodable>(_ type: M.Type, _ bytes: [UInt8]) throws(ProtoError) -> M {
        var reader = WireReader(bytes)
        var message = M()
        try reader.readFields(into: &message)
        return message
    }

    /// `emit` is what to write: `swift`, `library`, `openapi` or `typescript`.
    private static func outputs(_ schema: Schema, emit: String) throws(GeneratorError) -> [Output] {
        guard let package = schema.files.first?.package, schema.files.allSatisfy({ $0.package == package }) else {
            throw GeneratorError("give the files of exactly one package at once")
        }
        switch emit {
        case "swift", "": return try swift(schema, package)
        case "openapi": return [Output(name: "openapi.json", content: try OpenAPIEmitter(schema: schema).json())]
        case "library": return [try LibraryEmitter(schema: schema, package: package).output()]
        case "typescript": return try TypeScriptEmitter(schema: schema).outputs()
        default:
            throw GeneratorError("unknown option \"\(emit)\"; known: swift, library, openapi, typescript, descriptors")
        }
    }

    private static func swift(_ schema: Schema, _ package: String) throws(GeneratorError) -> [Output] {
        let namespace = SwiftNames.namespace(of: package)
        var outputs = [
            Output(
                name: "\(namespace).swift",
                content: MessageEmitter.header + "\n/// The messages of the proto package `\(package)`.\n"
                    + "public enum \(namespace) {}\n")
        ]
        for file in schema.files {
            let base = file.name.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? file.name
            outputs.append(
                Output(
                    name: "\(namespace)+\(SwiftNames.raised(base)).swift",
                    content: try MessageEmitter(file: file, schema: schema).emit()))
        }
        guard !schema.methods.isEmpty else { return outputs }
        outputs.append(
            Output(name: "Operations.swift", content: try OperationEmitter(schema: schema, package: package).emit()))
        outputs.append(
            Output(name: "OpenAPIDocument.swift", content: try OpenAPIEmitter(schema: schema).swift()))
        outputs.append(Output(name: "TypeDeclarations.swift", content: try TypeEmitter(schema: schema).swift()))
        return outputs
    }
}

/// `CodeGeneratorResponse.File`.
private struct OutputFile: ProtoWritable {
    let output: CodeGenerator.Output

    init(_ output: CodeGenerator.Output) { self.output = output }

    func write(to writer: inout WireWriter) {
        writer.field(ProtoString.self, 1, output.name)
        writer.field(ProtoString.self, 15, output.content)
    }
}
