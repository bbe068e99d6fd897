import OrcaSupport
import Testing

@Suite struct JSONReaderTests {
    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "tru", "nul",
        "falsy", "01",
        "-", "1.", ".5", "1e", "1e+", "+1", "0x10", "NaN", "Infinity", "1 2", "[] []", "{} x", "\"", "\"\\", "\"\\x\"",
        "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "\"a\u{0}b\"", "[1 2]", "{\"a\" 1}", "// x\n1", "\u{FEFF}1", "]", "}",
        ",",
    ])
    func `text that is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(jsonBytes: Array(text.utf8)) }
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], "a stray byte"), ([0x22, 0xC0, 0x80, 0x22], "an overlong NUL"),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], "a surrogate"), (Array("\"\\ud800\"".utf8), "half a pair"),
            (Array("\"\\ud800\\u0041\"".utf8), "half a pair and a letter"),
            (Array("\"\\udc00\"".utf8), "the second half"),
        ] as [([UInt8], String)])
    func `strings that are no Unicode are refused`(bytes: [UInt8], name: String) {
        let error = #expect(throws: JSONError.self, "\(name)") { try JSONValue(jsonBytes: bytes) }
        #expect(error?.kind == .invalidUTF8)
    }

    @Test func `every kind of value is read`() throws {
        let text = #" { "a" : [ 1 , -2.5e2 , true , false , null , "x\n\u00e9\ud83d\ude00\/" , { } , [ ] ] } "#
        let value = try JSONValue(jsonBytes: Array(text.utf8))
        let list: [JSONValue] = [
            .integer(1), .number(-250), .bool(true), .bool(false), .null, .string("x\né😀/"), .object([]), .array([]),
        ]
        #expect(value == .object([.init("a", .array(list))]))
    }

    @Test func `what is written is read back`() throws {
        let value = JSONValue.object([
            .init("quote \" and \\ and \u{1}", .string("line\nnext\ttab \u{7f} 漢 😀")), .init("max", .integer(.max)),
            .init("min", .integer(.min)), .init("small", .number(2.5e-308)), .init("tenth", .number(0.1)),
        ])
        #expect(try JSONValue(jsonBytes: value.jsonBytes()) == value)
    }

    @Test func `nesting beyond the limit is refused, up to it is read`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSONValue(jsonBytes: nested(100))
        let error = #expect(throws: JSONError.self) { try JSONValue(jsonBytes: nested(101)) }
        #expect(error?.kind == .tooDeep)
    }

    @Test func `a name twice in an object is refused`() {
        #expect(throws: JSONError.self) { try JSONValue(jsonBytes: Array(#"{"a":1,"a":2}"#.utf8)) }
    }
}
