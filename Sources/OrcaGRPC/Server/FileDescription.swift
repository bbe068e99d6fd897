import OrcaProtobuf

/// What reflection needs to know of a proto file: its name, what it imports, and what it defines. Field numbers are those of
/// google/protobuf/descriptor.proto.
struct FileDescription: ProtoDecodable {
    var name = ""
    var package = ""
    var imports: [String] = []
    /// The file itself, a `FileDescriptorProto`.
    var bytes: [UInt8] = []
    private var messages: [Definition] = []
    private var enums: [Definition] = []
    private var definedServices: [Definition] = []

    init() {}

    init(_ bytes: [UInt8]) throws(ProtoError) {
        var reader = WireReader(bytes)
        try reader.readFields(into: &self)
        self.bytes = bytes
    }

    /// Full names of everything in it.
    var symbols: [String] {
        (messages + enums + definedServices).flatMap { $0.names(in: package) }
    }

    /// Full names.
    var services: [String] { definedServices.map { package + "." + $0.name } }

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: name = try reader.string()
        case 2: package = try reader.string()
        case 3: try reader.append(ProtoString.self, to: &imports)
        case 4: try reader.append(to: &messages)
        case 5: try reader.append(to: &enums)
        case 6: try reader.append(to: &definedServices)
        default: try reader.skip()
        }
    }

    static func fieldName(_ number: Int) -> String { "file descriptor field \(number)" }
}

/// A message, an enum or a service: all have their name in field 1. A message's field 3 and a service's field 2 hold what it
/// defines itself, and a message's field 4 its enums.
private struct Definition: ProtoDecodable {
    var name = ""
    private var inner: [Definition] = []

    func names(in scope: String) -> [String] {
        let own = scope.isEmpty ? name : scope + "." + name
        return [own] + inner.flatMap { $0.names(in: own) }
    }

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: name = try reader.string()
        case 2, 3, 4:
            // An enum's options and a method's types stand at such numbers, too, in other forms: they define nothing.
            var definition = Definition()
            var bytes = WireReader(try reader.data())
            guard (try? bytes.readFields(into: &definition)) != nil, !definition.name.isEmpty else { return }
            inner.append(definition)
        default: try reader.skip()
        }
    }

    static func fieldName(_ number: Int) -> String { "descriptor field \(number)" }
}
