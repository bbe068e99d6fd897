import OrcaDomain
import OrcaStore
import OrcaSupport

/// How small structures are written into text columns: as JSON, so that people can read them with any tool.
enum TextCodec {
    static func encode(_ words: [String]) -> String {
        if words.isEmpty { return "[]" }
        var writer = JSONWriter()
        writer.beginArray()
        for word in words { writer.string(word) }
        writer.endArray()
        return writer.text
    }

    static func words(_ text: String) throws -> [String] {
        if text == "[]" { return [] }
        return try decode(text) { reader throws(JSONError) in
            var found: [String] = []
            var first = true
            try reader.beginArray()
            while try reader.nextElement(&first) { found.append(try reader.string()) }
            return found
        }
    }

    static func encode(_ pairs: [String: String]) -> String {
        if pairs.isEmpty { return "{}" }
        var writer = JSONWriter()
        writer.beginObject()
        for (key, value) in pairs.sorted(by: { $0.key < $1.key }) {
            writer.key(key)
            writer.string(value)
        }
        writer.endObject()
        return writer.text
    }

    static func pairs(_ text: String) throws -> [String: String] {
        if text == "{}" { return [:] }
        return try decode(text) { reader throws(JSONError) in
            var found: [String: String] = [:]
            var first = true
            try reader.beginObject()
            while let key = try reader.nextKey(&first) { found[key] = try reader.string() }
            return found
        }
    }

    static func encode(_ items: [ContractItem]) -> String {
        encode(items.map(mark))
    }

    static func contract(_ text: String) throws -> [ContractItem] {
        try words(text).map(item)
    }

    static func encode(_ checks: [ContractCheck]) -> String {
        encode(checks.flatMap { [mark($0.item), $0.passed ? "passed" : "failed", $0.detail] })
    }

    static func checks(_ text: String) throws -> [ContractCheck] {
        let words = try words(text)
        return try stride(from: 0, to: words.count - words.count % 3, by: 3).map { start in
            ContractCheck(item: try item(words[start]), passed: words[start + 1] == "passed", detail: words[start + 2])
        }
    }

    static func encode(_ policy: RetryPolicy?) -> SQLValue {
        guard let policy else { return .null }
        return .text("\(policy.attemptsMax) \(policy.backoffInitialMS) \(policy.backoffMaxMS)")
    }

    static func retry(_ text: String?) -> RetryPolicy? {
        guard let text else { return nil }
        let numbers = text.split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == 3 else { return nil }
        return RetryPolicy(
            attemptsMax: Int(numbers[0]), backoffInitialMS: numbers[1], backoffMaxMS: numbers[2])
    }

    static func encode(_ data: EventData) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        for field in data.fields {
            writer.key(field.name)
            switch field.value {
            case .text(let text): writer.string(text)
            case .number(let number): writer.integer(number)
            case .flag(let flag): writer.bool(flag)
            case .texts(let texts):
                writer.beginArray()
                for text in texts { writer.string(text) }
                writer.endArray()
            }
        }
        writer.endObject()
        return writer.text
    }

    private static func mark(_ item: ContractItem) -> String {
        switch item {
        case .command(let line): "$" + line
        case .file(let path): "f" + path
        }
    }

    private static func item(_ mark: String) throws -> ContractItem {
        switch mark.first {
        case "$": .command(String(mark.dropFirst()))
        case "f": .file(String(mark.dropFirst()))
        default: throw StoreError.corrupt("a contract line in the database has an unknown mark")
        }
    }

    private static func decode<Value>(
        _ text: String, _ read: (inout JSONReader) throws(JSONError) -> Value
    ) throws -> Value {
        var reader = JSONReader(Array(text.utf8))
        do {
            let value = try read(&reader)
            try reader.finish()
            return value
        } catch {
            throw StoreError.corrupt("a text column of the database does not hold the JSON it should: \(error)")
        }
    }
}

extension RawRepresentable where RawValue == String {
    /// Reads a state from its column; an unknown word means a damaged or newer database.
    static func stored(_ text: String) throws -> Self {
        guard let value = Self(rawValue: text) else {
            throw StoreError.corrupt("the database has the unknown \(Self.self) '\(text)'")
        }
        return value
    }
}
