import CYAML
import OrcaSupport

/// Reads small configuration files in YAML: maps, lists and texts. Every scalar is a text, but an empty one, which is
/// nothing. No anchors and aliases: a short file cannot become a huge tree.
struct PlainYAML: ~Copyable {
    struct Problem: Error {
        let message: String
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private var depth = 0
    private static let depthMax = 20

    static func read(_ bytes: [UInt8]) throws(Problem) -> JSONValue {
        if bytes.isEmpty { return .null }
        var reader = PlainYAML()
        // The parser keeps a pointer to its input, so all of the work happens while the array stays put.
        let result: Result<JSONValue, Problem> = bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(reader.parser, buffer.baseAddress, buffer.count)
            do throws(Problem) { return .success(try reader.document()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private init() {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else { preconditionFailure("out of memory") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    private struct Event {
        let type: yaml_event_type_t
        let line: Int
        var text = ""
        var isPlain = false
        var hasAnchor = false
    }

    private mutating func next() throws(Problem) -> Event {
        var raw = yaml_event_t()
        guard yaml_parser_parse(parser, &raw) == 1 else {
            let what = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
            throw Problem(message: "line \(parser.pointee.problem_mark.line + 1): \(what)")
        }
        defer { yaml_event_delete(&raw) }
        var event = Event(type: raw.type, line: Int(raw.start_mark.line) + 1)
        switch raw.type {
        case YAML_SCALAR_EVENT:
            let scalar = raw.data.scalar
            event.text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            event.isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            event.hasAnchor = scalar.anchor != nil
        case YAML_SEQUENCE_START_EVENT: event.hasAnchor = raw.data.sequence_start.anchor != nil
        case YAML_MAPPING_START_EVENT: event.hasAnchor = raw.data.mapping_start.anchor != nil
        case YAML_ALIAS_EVENT: event.hasAnchor = true
        default: break
        }
        if event.hasAnchor { throw Problem(message: "line \(event.line): anchors and aliases are not allowed here") }
        return event
    }

    private mutating func document() throws(Problem) -> JSONValue {
        var event = try next()
        while event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_START_EVENT { event = try next() }
        if event.type == YAML_STREAM_END_EVENT { return .null }
        let value = try build(event)
        _ = try next()
        let after = try next()
        guard after.type == YAML_STREAM_END_EVENT else {
            throw Problem(message: "line \(after.line): a second document begins")
        }
        return value
    }

    private mutating func build(_ event: Event) throws(Problem) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { throw Problem(message: "line \(event.line): too many levels") }
        switch event.type {
        case YAML_SEQUENCE_START_EVENT:
            var values: [JSONValue] = []
            while true {
                let item = try next()
                if item.type == YAML_SEQUENCE_END_EVENT { return .array(values) }
                values.append(try build(item))
            }
        case YAML_MAPPING_START_EVENT: return try map()
        default:
            let isEmpty = event.isPlain && ["", "~", "null"].contains(event.text)
            return isEmpty ? .null : .string(event.text)
        }
    }

    private mutating func map() throws(Problem) -> JSONValue {
        var members: [JSONValue.Member] = []
        while true {
            let key = try next()
            if key.type == YAML_MAPPING_END_EVENT { return .object(members) }
            guard key.type == YAML_SCALAR_EVENT else {
                throw Problem(message: "line \(key.line): a name is plain text")
            }
            guard !members.contains(where: { $0.name == key.text }) else {
                throw Problem(message: "line \(key.line): `\(key.text)` is there twice")
            }
            members.append(JSONValue.Member(key.text, try build(try next())))
        }
    }
}
