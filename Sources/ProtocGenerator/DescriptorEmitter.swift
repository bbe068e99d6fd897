import OrcaProtobuf

/// Writes the protos themselves, with everything they import, for the reflection service: one text in base64 a file, because
/// the compiler takes a long text at once and a long list of bytes in half a minute.
struct DescriptorEmitter {
    let files: [FileDescriptor]

    var output: CodeGenerator.Output {
        var out = SourceText()
        out.line(MessageEmitter.header)
        out.line("import OrcaProtobuf")
        out.line("")
        out.line("/// The protos of the API and what they import, without comments, each a `FileDescriptorProto`.")
        out.line("enum DescriptorSet {")
        out.line("    static var files: [[UInt8]] { texts.compactMap { Base64.decode($0.description) } }")
        out.line("")
        out.line("    private static let texts: [StaticString] = [")
        for file in files {
            out.line("        // \(file.name)")
            out.line("        \"\(Base64.encode(Self.withoutSource(file.bytes)))\",")
        }
        out.line("    ]")
        out.line("}")
        return CodeGenerator.Output(name: "DescriptorSet.swift", content: out.text)
    }

    private static func withoutSource(_ bytes: [UInt8]) -> [UInt8] {
        var file = WithoutSource()
        var reader = WireReader(bytes)
        // The bytes were read as a descriptor before.
        guard (try? reader.readFields(into: &file)) != nil else { return bytes }
        return file.kept
    }
}

/// A `FileDescriptorProto` without its comments and positions, which are two thirds of it.
private struct WithoutSource: ProtoDecodable {
    var kept: [UInt8] = []

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        if number == 9 { try reader.skip() } else { try reader.keep(in: &kept) }
    }
}
