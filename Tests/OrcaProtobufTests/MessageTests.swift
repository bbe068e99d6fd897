import OrcaAPI
import OrcaProtobuf
import Testing

@Suite struct MessageTests {
    private func read<M: ProtoMessage>(_ type: M.Type, _ json: String) throws(ProtoError) -> M {
        try M(jsonBytes: Array(json.utf8))
    }

    @Test func `JSON always has the scalars, enums, lists and maps, and messages only when set`() {
        #expect(
            OrcaV1.Dependency().jsonText == #"{"task":"","ref":"","policy":"unspecified"}"#)
        let response = OrcaV1.ClaimTaskResponse.with { $0.lease = .with { $0.token = 1 << 60 } }
        #expect(response.jsonText.hasPrefix(#"{"lease":{"id":"","#))
        #expect(response.jsonText.contains(#""token":"1152921504606846976","ttlMs":0,"#))
        #expect(OrcaV1.UpdateProjectRequest().jsonText == #"{"workspace":"","project":"","expectedVersion":0}"#)
    }

    @Test func `map keys are sorted`() {
        let error = OrcaV1.Error.with { $0.details = ["b": "2", "a": "1", "c": "3"] }
        #expect(error.jsonText.hasSuffix(#""details":{"a":"1","b":"2","c":"3"}}"#))
    }

    @Test func `fields of a newer version are kept`() throws {
        var newer = OrcaTestingV1.Everything()
        newer.aString = "kept"
        newer.inner = .with { $0.name = "also" }
        let known = try OrcaV1.DeleteTaskResponse(wireBytes: newer.wireBytes())
        #expect(try OrcaTestingV1.Everything(wireBytes: known.wireBytes()) == newer)
    }

    @Test func `values of a newer version's enum are kept`() throws {
        let task = try OrcaV1.Task(wireBytes: [7 << 3, 99])
        #expect(task.status == .unrecognized(99))
        #expect(task.wireBytes() == [7 << 3, 99])
        #expect(task.jsonText.contains(#""status":99"#))
    }

    @Test func `unknown JSON fields are refused with their path, or skipped by clients`() throws {
        let json = #"{"task":{"title":"x","dependencies":[{},{"polici":"block"}]}}"#
        let error = #expect(throws: ProtoError.self) { try read(OrcaV1.GetTaskResponse.self, json) }
        #expect(error?.kind == .unknownField)
        #expect(error?.path == "task.dependencies[1].polici")
        let lenient = try OrcaV1.GetTaskResponse(jsonBytes: Array(json.utf8), unknownFields: .skip)
        #expect(lenient.task?.title == "x")
        let newEnum = Array(#"{"status":"paused"}"#.utf8)
        #expect(try OrcaV1.Task(jsonBytes: newEnum, unknownFields: .skip).status == .unspecified)
    }

    @Test(arguments: [
        (#"{"priority":"high"}"#, "priority", ProtoError.Kind.outOfRange),
        (#"{"priority":3000000000}"#, "priority", .outOfRange), (#"{"priority":1.5}"#, "priority", .outOfRange),
        (#"{"title":5}"#, "title", .wrongType), (#"{"requiredTags":"x"}"#, "requiredTags", .wrongType),
        (#"{"requiredTags":["a",null]}"#, "requiredTags[1]", .wrongType),
        (#"{"notBefore":"tomorrow"}"#, "notBefore", .wrongType), (#"{"context":{"k":1}}"#, "context.k", .wrongType),
        (#"{"contract":[{"command":"a","file":"b"}]}"#, "contract[0].file", .duplicateField),
        (#"{"title":"a","title":"b"}"#, "title", .duplicateField),
        (#"{"dependencies":[{"policy":"wait"}]}"#, "dependencies[0].policy", .unknownEnumName),
        (#"{"retry":{"max_attempts":2,"maxAttempts":3}}"#, "retry.maxAttempts", .duplicateField),
    ])
    func `a bad value is refused with its path`(json: String, path: String, kind: ProtoError.Kind) {
        let error = #expect(throws: ProtoError.self) { try read(OrcaV1.CreateTaskRequest.self, json) }
        #expect(error?.path == path)
        #expect(error?.kind == kind)
    }

    @Test func `null leaves a field as it is, and is a value of a Value`() throws {
        #expect(try read(OrcaV1.CreateTaskRequest.self, #"{"title":null,"retry":null}"#) == OrcaV1.CreateTaskRequest())
        #expect(try read(OrcaTestingV1.Everything.self, #"{"value":null}"#).value == .null)
    }

    @Test func `proto names and numbers as strings are read too`() throws {
        let lease = try read(OrcaV1.Lease.self, #"{"task_ref":"API-1","token":"7","ttl_ms":1e3}"#)
        #expect(lease.taskRef == "API-1")
        #expect(lease.token == 7)
        #expect(lease.ttlMs == 1000)
    }

    @Test func `wire errors name the field`() {
        var bytes = OrcaV1.GetTaskResponse.with { $0.task = .with { $0.title = "abc" } }.wireBytes()
        bytes[bytes.count - 1] = 0xFF
        let error = #expect(throws: ProtoError.self) { try OrcaV1.GetTaskResponse(wireBytes: bytes) }
        #expect(error?.path == "task.title")
        #expect(error?.kind == .invalidUTF8)
    }

    @Test func `messages inside each other beyond the limit are refused`() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(#"{"facts":"#.utf8) + (0..<depth).flatMap { _ in Array(#"{"a":"#.utf8) } + Array("1".utf8)
                + [UInt8](repeating: UInt8(ascii: "}"), count: depth + 1)
        }
        #expect(throws: Never.self) { try OrcaTestingV1.Everything(jsonBytes: nested(90)) }
        let error = #expect(throws: ProtoError.self) { try OrcaTestingV1.Everything(jsonBytes: nested(101)) }
        #expect(error?.kind == .tooDeep)
        var wire = OrcaTestingV1.Everything()
        var value = ProtoValue.bool(true)
        for _ in 0..<60 { value = .list([value]) }
        wire.value = value
        let bytes = wire.wireBytes()
        let wireError = #expect(throws: ProtoError.self) { try OrcaTestingV1.Everything(wireBytes: bytes) }
        #expect(wireError?.kind == .tooDeep)
    }

    @Test func `more bytes than the limit are refused before they are read`() {
        let error = #expect(throws: ProtoError.self) {
            try OrcaV1.Task(jsonBytes: [UInt8](repeating: 0x20, count: 11), limits: ProtoLimits(bytesMax: 10))
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test func `a oneof member that comes twice on the wire is merged`() throws {
        let first = OrcaTestingV1.Everything.with { $0.choice = .chosenInner(.with { $0.name = "n" }) }
        let second = OrcaTestingV1.Everything.with { $0.choice = .chosenInner(.with { $0.weight = 5 }) }
        let both = try OrcaTestingV1.Everything(wireBytes: first.wireBytes() + second.wireBytes())
        #expect(both.choice == .chosenInner(.with { ($0.name, $0.weight) = ("n", 5) }))
    }
}

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1),
            ("2000-02-29T12:00:00.500Z", 951_825_600_500),
            ("2026-11-21T09:00:00Z", 1_795_251_600_000),
        ] as [(String, Int64)])
    func `milliseconds and text are the same moment`(text: String, milliseconds: Int64) throws {
        #expect(ProtoTimestamp(milliseconds: milliseconds).text == text)
        #expect(try ProtoTimestamp(text: text).milliseconds == milliseconds)
    }

    @Test func `an offset is taken into account`() throws {
        let moment = try ProtoTimestamp(text: "2026-01-01T01:30:00+01:30")
        #expect(moment.text == "2026-01-01T00:00:00Z")
    }

    @Test(arguments: [
        "", "2026", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-01 00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00Zx",
        "0000-01-01T00:00:00Z",
    ])
    func `other texts are refused`(text: String) {
        #expect(throws: ProtoError.self) { try ProtoTimestamp(text: text) }
    }
}
