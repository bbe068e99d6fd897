import OrcaSupport
import OrcaTestKit
import Testing

@testable import OrcaAgents

@Suite struct ConfigTextTests {
    private func text(_ source: String) throws -> ConfigText { try ConfigText(Array(source.utf8)) }
    private func string(_ text: ConfigText) -> String { String(decoding: text.bytes, as: UTF8.self) }

    @Test(arguments: [
        ("{}", "{\n  \"b\": 1\n}"),
        ("{ }\n", "{\n  \"b\": 1\n}\n"),
        ("{\"a\":1}", "{\"a\":1, \"b\": 1}"),
        ("{\n    \"a\": 1\n}\n", "{\n    \"a\": 1,\n    \"b\": 1\n}\n"),
        ("{\n\t\"a\": 1, // why\n}\n", "{\n\t\"a\": 1, // why\n\t\"b\": 1\n}\n"),
        ("{\n  \"a\": 1 // why\n}\n", "{\n  \"a\": 1, // why\n  \"b\": 1\n}\n"),
        ("// top\n{\n  /* only this */\n}\n", "// top\n{\n  /* only this */\n  \"b\": 1\n}\n"),
    ])
    func aMemberIsAddedAsTheFileIsWritten(source: String, expected: String) throws {
        let start = try text(source)
        let added = try start.adding("b", .integer(1), to: start.root)
        #expect(string(added) == expected)
    }

    @Test(arguments: [
        "{\n  \"a\": [\n    1,\n    2 // two\n  ],\n  // end\n}\n", "{\"a\":[]}", "{\"a\":[1,2,3]}",
        "{\r\n  \"a\": [\r\n    1\r\n  ]\r\n}\r\n", "{\"a\": [ {\"x\": [1]}, /* c */ ]}",
    ])
    func whatIsAppendedAndRemovedLeavesNothing(source: String) throws {
        let start = try text(source)
        let list = try #require(start.root["a"])
        let more = try start.appending(.object([JSONValue.Member("n", .array([.integer(1)]))]), to: list)
        let grown = try #require(more.root["a"])
        #expect(grown.elements?.count == (list.elements?.count ?? 0) + 1)
        let back = try more.removing(part: (grown.elements?.count ?? 0) - 1, of: grown)
        #expect(back.root.value == start.root.value)
        #expect(string(back).contains("//") == source.contains("//"))
        #expect(string(back).contains("/*") == source.contains("/*"))
    }

    @Test func removingAnyPartOfAnyTextLeavesTheOthers() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            let count = Int(random.next() % 5) + 1
            let commas = random.next() % 2 == 0
            let lines = (0..<count).map { number in
                let comma = number < count - 1 || commas ? "," : ""
                let value = "  \"k\(number)\": [\(number)]"
                return random.next() % 2 == 0 ? "\(value)\(comma) // c" : "\(value) /* c */ \(comma)"
            }
            let breaks = random.next() % 4 > 0 || lines.contains { $0.contains("//") }
            let source = "{ // head\n" + lines.joined(separator: breaks ? "\n" : "") + (breaks ? "\n}" : "}")
            let start = try text(source)
            let index = Int(random.next() % UInt64(count))
            let rest = try start.removing(part: index, of: start.root)
            var expected = start.root.members?.map(\.name) ?? []
            expected.remove(at: index)
            #expect(rest.root.members?.map(\.name) == expected, "seed \(seed): \(source)")
            #expect(string(rest).contains("// head"), "seed \(seed): \(source)")
        }
    }

    @Test(arguments: [
        "", "{", "{\"a\":}", "{\"a\":1,,}", "{\"a\" 1}", "{\"a\":1}}", "[1 2]", "{\"a\":1,\"a\":2}", "/* open",
        "{'a':1}",
        "{\"a\": nope}", String(repeating: "[", count: 500), "{\"a\":\"\\",
    ])
    func whatIsNoJSONIsRefused(source: String) {
        #expect(throws: JSONError.self) { try ConfigText(Array(source.utf8)) }
    }

    @Test func anyBytesAreReadOrRefused() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let alphabet = Array("{}[]\",:/*\\ \n1at".utf8)
        var read = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int(random.next() % 12)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            // Only that it comes back is asked; most of these are no JSON.
            if (try? ConfigText(bytes)) != nil { read += 1 }
        }
        #expect(read > 0, "seed \(seed)")
    }

    @Test func tomlTablesAreSetInPlace() {
        let source = "model = \"x\" # keep\n\n[projects.\"/a\"]\ntrust_level = \"untrusted\"\n\n[tui]\nx = 1\n"
        var toml = TOMLText(Array(source.utf8))
        #expect(toml.value("trust_level", inTable: "projects.\"/a\"") == "untrusted")
        toml.set("trust_level", to: "trusted", inTable: "projects.\"/a\"")
        toml.set("trust_level", to: "trusted", inTable: "projects.\"/b\"")
        let expected =
            "model = \"x\" # keep\n\n[projects.\"/a\"]\ntrust_level = \"trusted\"\n\n[tui]\nx = 1\n\n[projects.\"/b\"]\n"
            + "trust_level = \"trusted\"\n"
        #expect(String(decoding: toml.bytes, as: UTF8.self) == expected)
        var empty = TOMLText([])
        empty.set("k", to: "a\"b\\", inTable: "t")
        #expect(String(decoding: empty.bytes, as: UTF8.self) == "[t]\nk = \"a\\\"b\\\\\"\n")
        #expect(empty.value("k", inTable: "t") == "a\"b\\")
    }

    @Test func listsAtTheTopOfTOMLAreRead() {
        func list(_ text: String) -> TOMLText.TopLevelList { TOMLText(Array(text.utf8)).topLevelList("notify") }
        #expect(list("") == .absent)
        #expect(list("notify = [\"a\", 'b c']\n") == .words(["a", "b c"]))
        #expect(list("[x]\nnotify = [\"a\"]\n") == .absent)
        #expect(list("notify = [\n  \"a\",\n]\n") == .unreadable)
    }
}
