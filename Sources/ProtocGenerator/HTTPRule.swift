import OrcaProtobuf

/// Method options, of which only the extension `google.api.http` (72295728) matters.
struct MethodOptions: ProtoDecodable {
    var http: HTTPRule?

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 72_295_728: try reader.message(into: &http)
        default: try reader.skip()
        }
    }
}

/// `google.api.HttpRule`.
struct HTTPRule: ProtoDecodable {
    /// `GET`, `POST`, ...
    var method = ""
    var template = ""
    var body = ""
    var additional: [HTTPRule] = []

    /// The rule and its additional bindings, in their order.
    var all: [HTTPRule] { [self] + additional }

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 2: try take("GET", &reader)
        case 3: try take("PUT", &reader)
        case 4: try take("POST", &reader)
        case 5: try take("DELETE", &reader)
        case 6: try take("PATCH", &reader)
        case 7: body = try reader.string()
        case 11: try reader.append(to: &additional)
        default: try reader.skip()
        }
    }

    private mutating func take(_ method: String, _ reader: inout WireReader) throws(ProtoError) {
        self.method = method
        template = try reader.string()
    }

    /// Names of the fields in the path: `workspace` of `/v1/workspaces/{workspace}`.
    var pathFields: [String] {
        template.split(separator: "{").dropFirst().compactMap { $0.split(separator: "}").first.map(String.init) }
    }
}
