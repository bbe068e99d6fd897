import CYAML

/// Reads one YAML document into nodes with places.
///
/// Anchors and aliases work; what they expand to is counted, so that a short file cannot become a huge tree.
struct YAMLReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// Added to every line: for a part of a larger file.
    private let lineOffset: Int
    private var anchors: [String: Built] = [:]
    private var depth = 0
    private var nodes = 0

    private struct Built {
        var node: PlanNode
        /// Nodes in it, itself included.
        var weight: Int
    }

    /// The document as a node; `nil` when there is none but comments.
    static func read(_ bytes: [UInt8], lineOffset: Int = 0) throws(PlanDiagnostic) -> PlanNode? {
        var reader = YAMLReader(lineOffset: lineOffset)
        // The parser keeps a pointer to its input, so all of the work happens while the array stays put.
        let result: Result<PlanNode?, PlanDiagnostic> = bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(reader.parser, buffer.baseAddress ?? Self.nothing, buffer.count)
            do throws(PlanDiagnostic) { return .success(try reader.document()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private static var nothing: UnsafePointer<UInt8> { UnsafePointer(bitPattern: 1)! }

    private init(lineOffset: Int) {
        self.lineOffset = lineOffset
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else { preconditionFailure("out of memory") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    // MARK: Events

    private struct Event {
        var type: yaml_event_type_t
        var place: PlanDiagnostic.Place
        var anchor: String?
        var text = ""
        var isPlain = false
    }

    private mutating func next() throws(PlanDiagnostic) -> Event {
        var raw = yaml_event_t()
        guard yaml_parser_parse(parser, &raw) == 1 else { throw problem() }
        defer { yaml_event_delete(&raw) }
        var event = Event(type: raw.type, place: place(raw.start_mark))
        switch raw.type {
        case YAML_SCALAR_EVENT:
            let scalar = raw.data.scalar
            event.text = Self.text(scalar.value, scalar.length)
            event.isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            event.anchor = Self.name(scalar.anchor)
        case YAML_SEQUENCE_START_EVENT: event.anchor = Self.name(raw.data.sequence_start.anchor)
        case YAML_MAPPING_START_EVENT: event.anchor = Self.name(raw.data.mapping_start.anchor)
        case YAML_ALIAS_EVENT: event.anchor = Self.name(raw.data.alias.anchor)
        default: break
        }
        return event
    }

    private static func text(_ pointer: UnsafeMutablePointer<UInt8>?, _ length: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: pointer, count: length), as: UTF8.self)
    }

    private static func name(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func place(_ mark: yaml_mark_t) -> PlanDiagnostic.Place {
        .init(mark.line + 1 + lineOffset, mark.column + 1)
    }

    private func problem() -> PlanDiagnostic {
        let what = parser.pointee.problem.map { String(cString: $0) } ?? "the YAML cannot be read"
        let context = parser.pointee.context.map { " " + String(cString: $0) } ?? ""
        return PlanDiagnostic(
            place(parser.pointee.problem_mark), "YAML: \(what)\(context). Check indentation, quotes and colons here.")
    }

    // MARK: Nodes

    private mutating func document() throws(PlanDiagnostic) -> PlanNode? {
        var event = try next()
        while event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_START_EVENT { event = try next() }
        if event.type == YAML_STREAM_END_EVENT { return nil }
        let built = try build(event)
        _ = try next()
        let after = try next()
        if after.type != YAML_STREAM_END_EVENT {
            throw PlanDiagnostic(
                after.place, "a second document begins here; a plan file has one. Remove the '---' before it.")
        }
        return built.node
    }

    private mutating func build(_ event: Event) throws(PlanDiagnostic) -> Built {
        let built: Built
        switch event.type {
        case YAML_ALIAS_EVENT: return try alias(event)
        case YAML_SEQUENCE_START_EVENT: built = try list(event)
        case YAML_MAPPING_START_EVENT: built = try map(event)
        default:
            let isEmpty = event.isPlain && ["", "~", "null", "Null", "NULL"].contains(event.text)
            built = Built(node: PlanNode(event.place, isEmpty ? .empty : .scalar(event.text)), weight: 1)
        }
        try count(1, event.place)
        if let anchor = event.anchor { anchors[anchor] = built }
        return built
    }

    private mutating func alias(_ event: Event) throws(PlanDiagnostic) -> Built {
        let name = event.anchor ?? ""
        guard let built = anchors[name] else {
            throw PlanDiagnostic(
                event.place,
                "the alias '*\(name)' stands before its anchor '&\(name)', or there is none. Add the anchor.")
        }
        try count(built.weight, event.place)
        return built
    }

    private mutating func count(_ weight: Int, _ place: PlanDiagnostic.Place) throws(PlanDiagnostic) {
        nodes += weight
        if nodes > PlanLimits.nodesMax {
            throw PlanDiagnostic(
                place, "the plan grows beyond \(PlanLimits.nodesMax) values here. Use fewer aliases, or split the plan."
            )
        }
    }

    private mutating func descend(_ place: PlanDiagnostic.Place) throws(PlanDiagnostic) {
        depth += 1
        if depth > PlanLimits.depthMax {
            throw PlanDiagnostic(
                place,
                "more than \(PlanLimits.depthMax) lists and maps inside each other. No plan needs that; check the indentation."
            )
        }
    }

    private mutating func list(_ event: Event) throws(PlanDiagnostic) -> Built {
        try descend(event.place)
        defer { depth -= 1 }
        var items: [PlanNode] = []
        var weight = 1
        while true {
            let event = try next()
            if event.type == YAML_SEQUENCE_END_EVENT { break }
            let item = try build(event)
            items.append(item.node)
            weight += item.weight
        }
        return Built(node: PlanNode(event.place, .list(items)), weight: weight)
    }

    private mutating func map(_ event: Event) throws(PlanDiagnostic) -> Built {
        try descend(event.place)
        defer { depth -= 1 }
        var entries: [PlanNode.Entry] = []
        var weight = 1
        while true {
            let keyEvent = try next()
            if keyEvent.type == YAML_MAPPING_END_EVENT { break }
            guard keyEvent.type == YAML_SCALAR_EVENT else {
                throw PlanDiagnostic(keyEvent.place, "a name must be plain text here, not a list, a map or an alias.")
            }
            let value = try build(try next())
            entries.append(.init(key: keyEvent.text, keyPlace: keyEvent.place, value: value.node))
            weight += value.weight + 1
        }
        return Built(node: PlanNode(event.place, .map(entries)), weight: weight)
    }
}
