import OrcaProtobuf

// The parts of google/protobuf/descriptor.proto and plugin.proto that the generator needs, decoded by hand.
// Field numbers are those of these files.

struct CodeGeneratorRequest: ProtoDecodable {
    var filesToGenerate: [String] = []
    var parameter = ""
    var files: [FileDescriptor] = []

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: try reader.append(ProtoString.self, to: &filesToGenerate)
        case 2: parameter = try reader.string()
        case 15: files.append(try FileDescriptor(bytes: try reader.data()))
        default: try reader.skip()
        }
    }
}

/// What `protoc --descriptor_set_out` writes.
struct FileDescriptorSet: ProtoDecodable {
    var files: [FileDescriptor] = []

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: files.append(try FileDescriptor(bytes: try reader.data()))
        default: try reader.skip()
        }
    }
}

struct FileDescriptor: ProtoDecodable {
    var name = ""
    var package = ""
    var messages: [MessageDescriptor] = []
    var enums: [EnumDescriptor] = []
    var services: [ServiceDescriptor] = []
    var source = SourceInfo()
    var syntax = ""
    /// As it came.
    var bytes: [UInt8] = []

    init() {}

    init(bytes: [UInt8]) throws(ProtoError) {
        var reader = WireReader(bytes)
        try reader.readFields(into: &self)
        self.bytes = bytes
    }

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: name = try reader.string()
        case 2: package = try reader.string()
        case 4: try reader.append(to: &messages)
        case 5: try reader.append(to: &enums)
        case 6: try reader.append(to: &services)
        case 9: try reader.message(into: &source)
        case 12: syntax = try reader.string()
        default: try reader.skip()
        }
    }
}

struct MessageDescriptor: ProtoDecodable {
    var name = ""
    var fields: [FieldDescriptor] = []
    var messages: [MessageDescriptor] = []
    var enums: [EnumDescriptor] = []
    var oneofs: [Named] = []
    var options = MessageOptions()

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: name = try reader.string()
        case 2: try reader.append(to: &fields)
        case 3: try reader.append(to: &messages)
        case 4: try reader.append(to: &enums)
        case 7: try reader.message(into: &options)
        case 8: try reader.append(to: &oneofs)
        default: try reader.skip()
        }
    }
}

struct MessageOptions: ProtoDecodable {
    var isMapEntry = false

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 7: isMapEntry = try reader.bool()
        default: try reader.skip()
        }
    }
}

/// Anything of which only the name matters.
struct Named: ProtoDecodable {
    var name = ""

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: name = try reader.string()
        default: try reader.skip()
        }
    }
}

struct FieldDescriptor: ProtoDecodable {
    /// The numbers of `FieldDescriptorProto.Type`.
    enum Kind: Int32 {
        case double = 1
        case float = 2
        case int64 = 3
        case uint64 = 4
        case int32 = 5
        case fixed64 = 6
        case fixed32 = 7
        case bool = 8
        case string = 9
        case group = 10
        case message = 11
        case bytes = 12
        case uint32 = 13
        case enumeration = 14
        case sfixed32 = 15
        case sfixed64 = 16
        case sint32 = 17
        case sint64 = 18
    }

    var name = ""
    var number: Int32 = 0
    var isRepeated = false
    var kind = Kind.double
    /// `.orca.v1.Task`
    var typeName = ""
    var oneofIndex: Int32?
    var isOptional = false
    var options = FieldOptions()

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: name = try reader.string()
        case 3: self.number = try reader.int32()
        case 4: isRepeated = try reader.int32() == 3
        case 5:
            let value = try reader.int32()
            guard let kind = Kind(rawValue: value) else { throw ProtoError(.outOfRange, "unknown field type \(value)") }
            self.kind = kind
        case 6: typeName = try reader.string()
        case 8: try reader.message(into: &options)
        case 9: oneofIndex = try reader.int32()
        case 17: isOptional = try reader.bool()
        default: try reader.skip()
        }
    }
}

/// Field options, of which only the extension `google.api.field_behavior` (1052) matters, and of that only REQUIRED (2).
struct FieldOptions: ProtoDecodable {
    var isRequired = false

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1052:
            var behaviors: [Int32] = []
            try reader.append(ProtoInt32.self, to: &behaviors)
            if behaviors.contains(2) { isRequired = true }
        default: try reader.skip()
        }
    }
}

struct EnumDescriptor: ProtoDecodable {
    var name = ""
    var values: [EnumValueDescriptor] = []

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: name = try reader.string()
        case 2: try reader.append(to: &values)
        default: try reader.skip()
        }
    }
}

struct EnumValueDescriptor: ProtoDecodable {
    var name = ""
    var number: Int32 = 0

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: name = try reader.string()
        case 2: self.number = try reader.int32()
        default: try reader.skip()
        }
    }
}

struct ServiceDescriptor: ProtoDecodable {
    var name = ""
    var methods: [MethodDescriptor] = []

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: name = try reader.string()
        case 2: try reader.append(to: &methods)
        default: try reader.skip()
        }
    }
}

struct MethodDescriptor: ProtoDecodable {
    var name = ""
    var inputType = ""
    var outputType = ""
    var options = MethodOptions()
    var clientStreaming = false
    var serverStreaming = false

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: name = try reader.string()
        case 2: inputType = try reader.string()
        case 3: outputType = try reader.string()
        case 4: try reader.message(into: &options)
        case 5: clientStreaming = try reader.bool()
        case 6: serverStreaming = try reader.bool()
        default: try reader.skip()
        }
    }
}

extension ProtoDecodable {
    static func fieldName(_ number: Int) -> String { "\(Self.self) field \(number)" }
}
