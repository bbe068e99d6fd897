import CCMark

/// Reads a Markdown plan into the same nodes a YAML plan gives: a section per task.
///
/// `# heading` names the plan, every `## heading` begins a task: its text is the title, `{#key}` at its end the key (else
/// the key is made of the title). A list or a fenced block with the info string `orca` right below the heading holds the
/// other fields; what follows it is the spec. The format is described in docs/plan-format.md.
struct MarkdownReader: ~Copyable {
    private let source: SourceText
    private let document: OpaquePointer
    private var diagnostics: [PlanDiagnostic] = []

    /// The plan as a map node, and what is wrong with the fields below headings.
    static func read(_ source: SourceText) -> (node: PlanNode, diagnostics: [PlanDiagnostic]) {
        var reader = MarkdownReader(source)
        let node = reader.plan()
        return (node, reader.diagnostics)
    }

    private init(_ source: SourceText) {
        self.source = source
        document = source.bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT)
            }
        }
    }

    deinit { cmark_node_free(document) }

    /// A top-level block of the document.
    private struct Block {
        var node: OpaquePointer
        var first: Int
        var last: Int
        /// 0 for what is no heading.
        var level: Int
    }

    private func blocks() -> [Block] {
        var found: [Block] = []
        var child = cmark_node_first_child(document)
        while let node = child {
            let isHeading = cmark_node_get_type(node) == CMARK_NODE_HEADING
            found.append(
                Block(
                    node: node, first: Int(cmark_node_get_start_line(node)), last: Int(cmark_node_get_end_line(node)),
                    level: isHeading ? Int(cmark_node_get_heading_level(node)) : 0))
            child = cmark_node_next(node)
        }
        return found
    }

    private mutating func plan() -> PlanNode {
        let all = blocks()
        var entries: [PlanNode.Entry] = []
        var tasks: [PlanNode] = []
        for (index, block) in all.enumerated() where block.level == 1 || block.level == 2 {
            let place = PlanDiagnostic.Place(block.first, 1)
            if block.level == 2 {
                let end = all[(index + 1)...].first { $0.level == 1 || $0.level == 2 }
                let body = all[(index + 1)...].prefix { $0.level != 1 && $0.level != 2 }
                tasks.append(task(block, Array(body), lastLine: end.map { $0.first - 1 } ?? source.lineCount))
            } else if entries.isEmpty {
                let (title, _) = Self.heading(text(block.node))
                entries.append(.init(key: "name", keyPlace: place, value: PlanNode(place, .scalar(title))))
            } else {
                diagnostics.append(
                    PlanDiagnostic(place, "a second '#' heading; the first one names the plan. Write '##' for a task."))
            }
        }
        let top = PlanDiagnostic.Place(1, 1)
        entries.append(.init(key: "tasks", keyPlace: top, value: PlanNode(top, .list(tasks))))
        return PlanNode(top, .map(entries))
    }

    private mutating func task(_ heading: Block, _ body: [Block], lastLine: Int) -> PlanNode {
        let place = PlanDiagnostic.Place(heading.first, 1)
        let (title, key) = Self.heading(text(heading.node))
        var entries: [PlanNode.Entry] = [
            .init(key: "key", keyPlace: place, value: PlanNode(place, .scalar(key ?? PlanKey.make(from: title)))),
            .init(key: "title", keyPlace: place, value: PlanNode(place, .scalar(title))),
        ]
        var specStart = heading.last + 1
        if let first = body.first, let fields = metaFields(first) {
            entries += fields
            specStart = max(first.last, first.first) + 1
        }
        let spec = Self.trimmedLines(source, specStart, lastLine)
        if !spec.text.isEmpty {
            let specPlace = PlanDiagnostic.Place(spec.line, 1)
            entries.append(.init(key: "spec", keyPlace: specPlace, value: PlanNode(specPlace, .scalar(spec.text))))
        }
        return PlanNode(place, .map(entries))
    }

    // MARK: Fields below a heading

    /// The fields of a list or fenced block right below a heading; `nil` when the block belongs to the spec.
    private mutating func metaFields(_ block: Block) -> [PlanNode.Entry]? {
        switch cmark_node_get_type(block.node) {
        case CMARK_NODE_CODE_BLOCK:
            let info = cmark_node_get_fence_info(block.node).map { String(cString: $0) } ?? ""
            guard info == "orca" else { return nil }
            let literal = cmark_node_get_literal(block.node).map { String(cString: $0) } ?? ""
            return fields(Array(literal.utf8), lineOffset: block.first)
        case CMARK_NODE_LIST:
            guard cmark_node_get_list_type(block.node) == CMARK_BULLET_LIST, beginsWithField(block) else { return nil }
            return fields(listAsMap(block), lineOffset: block.first - 1)
        default: return nil
        }
    }

    /// Whether the list's first item looks like `name: value` with a name that tasks have, or nearly so.
    private func beginsWithField(_ block: Block) -> Bool {
        let line = String(decoding: source.line(block.first), as: UTF8.self)
        let item = line.drop { " -*+\t".contains($0) }
        guard let colon = item.firstIndex(of: ":") else { return false }
        return PlanFields.task.contains(String(item[..<colon]))
    }

    /// The list's source with the bullets of its items blanked: a YAML map whose places are those of the file.
    private func listAsMap(_ block: Block) -> [UInt8] {
        var bulletLines: [Int: Int] = [:]
        var item = cmark_node_first_child(block.node)
        while let node = item {
            bulletLines[Int(cmark_node_get_start_line(node))] = Int(cmark_node_get_start_column(node))
            item = cmark_node_next(node)
        }
        var bytes: [UInt8] = []
        for number in block.first...max(block.first, block.last) {
            var line = Array(source.line(number))
            if let column = bulletLines[number], column <= line.count { line[column - 1] = 0x20 }
            bytes += line + [0x0A]
        }
        return bytes
    }

    private mutating func fields(_ yaml: [UInt8], lineOffset: Int) -> [PlanNode.Entry] {
        do throws(PlanDiagnostic) {
            guard let node = try YAMLReader.read(yaml, lineOffset: lineOffset) else { return [] }
            guard case .map(let entries) = node.value else {
                throw PlanDiagnostic(node.place, "expected `name: value` lines here, not \(node.kind).")
            }
            return entries
        } catch {
            diagnostics.append(error)
            return []
        }
    }

    // MARK: Text

    /// The text of a heading without its markup.
    private func text(_ node: OpaquePointer) -> String {
        var text = ""
        let iterator = cmark_iter_new(node)
        defer { cmark_iter_free(iterator) }
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { return text }
            guard event == CMARK_EVENT_ENTER, let inner = cmark_iter_get_node(iterator) else { continue }
            switch cmark_node_get_type(inner) {
            case CMARK_NODE_TEXT, CMARK_NODE_CODE, CMARK_NODE_HTML_INLINE:
                text += cmark_node_get_literal(inner).map { String(cString: $0) } ?? ""
            case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: text += " "
            default: break
            }
        }
    }

    /// Splits `Title {#key}`.
    private static func heading(_ text: String) -> (title: String, key: String?) {
        guard text.hasSuffix("}"), let open = text.lastIndex(of: "{") else { return (text, nil) }
        let inside = text[text.index(after: open)...].dropLast()
        guard inside.hasPrefix("#") else { return (text, nil) }
        var title = text[..<open]
        while title.last == " " { title.removeLast() }
        return (String(title), String(inside.dropFirst()))
    }

    private static func trimmedLines(_ source: SourceText, _ first: Int, _ last: Int) -> (text: String, line: Int) {
        var first = first
        var last = min(last, source.lineCount)
        func isBlank(_ number: Int) -> Bool { source.line(number).allSatisfy { $0 == 0x20 || $0 == 0x09 } }
        while first <= last, isBlank(first) { first += 1 }
        while last >= first, isBlank(last) { last -= 1 }
        return (source.lines(first, last), first)
    }
}
