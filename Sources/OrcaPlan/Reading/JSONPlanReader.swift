import OrcaSupport

/// Reads JSON into nodes with places.
struct JSONPlanReader {
    private let source: SourceText
    private var reader: JSONReader

    static func read(_ source: SourceText) throws(PlanDiagnostic) -> PlanNode {
        var reader = JSONPlanReader(source: source, reader: JSONReader(source.bytes, depthMax: PlanLimits.depthMax))
        do throws(JSONError) {
            let node = try reader.node()
            try reader.reader.finish()
            return node
        } catch {
            throw PlanDiagnostic(
                source.place(of: error.offset), "JSON: \(error.message). Correct it here or just before.")
        }
    }

    private mutating func node() throws(JSONError) -> PlanNode {
        let kind = try reader.peek()
        let place = source.place(of: reader.position)
        switch kind {
        case .string: return PlanNode(place, .scalar(try reader.string()))
        case .bool: return PlanNode(place, .scalar(try reader.bool() ? "true" : "false"))
        case .null:
            _ = try reader.skipNull()
            return PlanNode(place, .empty)
        case .number:
            let token = try reader.number()
            return PlanNode(place, .scalar(String(decoding: source.bytes[token.range], as: UTF8.self)))
        case .array: return PlanNode(place, .list(try items()))
        case .object: return PlanNode(place, .map(try entries()))
        }
    }

    private mutating func items() throws(JSONError) -> [PlanNode] {
        try reader.beginArray()
        var items: [PlanNode] = []
        var first = true
        while try reader.nextElement(&first) { items.append(try node()) }
        return items
    }

    private mutating func entries() throws(JSONError) -> [PlanNode.Entry] {
        try reader.beginObject()
        var entries: [PlanNode.Entry] = []
        var first = true
        while let key = try reader.nextKey(&first) {
            let keyPlace = source.place(of: keyStart(before: reader.position))
            entries.append(.init(key: key, keyPlace: keyPlace, value: try node()))
        }
        return entries
    }

    /// Offset of the opening quote of the key that ends before `position`.
    private func keyStart(before position: Int) -> Int {
        let bytes = source.bytes
        var index = position - 1
        while index > 0, bytes[index] != 0x22 { index -= 1 }
        index -= 1
        while index > 0 {
            if bytes[index] == 0x22 {
                let backslashes = bytes[..<index].reversed().prefix { $0 == 0x5C }.count
                if backslashes.isMultiple(of: 2) { break }
            }
            index -= 1
        }
        return max(0, index)
    }
}
