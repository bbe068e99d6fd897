import OrcaAPI
import OrcaCode
import OrcaDomain
import OrcaSupport
import Testing

/// What scripts can do, in the real sandbox.
@Suite struct ScriptTests {
    private func value(_ code: String) async -> String {
        let report = await Stage().run(code)
        if let error = report.error {
            return "\(error.name) \(error.code) \(error.message) @\(error.line):\(error.column)"
        }
        return String(decoding: report.value.jsonBytes(), as: UTF8.self)
    }

    @Test(arguments: [
        ("1 + 1", "2"), ("return 42", "42"), ("const x = 5\nconst y = 6;\nx * y", "30"),
        ("({a: [1, null, \"x\"]})", #"{"a":[1,null,"x"]}"#),
        ("async () => { return 7 }", "7"), ("() => 8", "8"), ("```js\n9\n```", "9"),
        ("\n```typescript\nreturn 10\n```\n", "10"),
        ("// said\n/* more */ 3", "3"), ("for (let i = 0; i < 3; i++)\n  i", "null"), ("let a = 1; a++; a", "2"),
        ("const s = `one\ntwo`\ns.length", "7"), ("await Promise.resolve(11)", "11"),
        ("(await orca.tasks.create({title: \"T\"})).ref", #""API-1""#),
        ("new Date(0).toISOString()", #""1970-01-01T00:00:00.000Z""#),
        ("undefined", "null"), ("NaN", "null"), ("[undefined, 1]", "[null,1]"), ("({a: undefined, b: 1})", #"{"b":1}"#),
        ("await sleep(1); 12", "12"), ("const {ref} = await orca.task.add(\"T\")\nref", #""API-1""#),
        ("if (1) { 2 }\n13", "13"), ("function f() { return 14 }\nf()", "14"),
    ])
    func everyFormOfCodeWorks(code: String, expected: String) async {
        #expect(await value(code) == expected, "\(code)")
    }

    @Test(arguments: [
        ("let a = 1;\nlet b = ;", "SyntaxError syntax_error", 2), ("foo.bar()", "ReferenceError script_error", 1),
        ("const a = 1;\n\nnull.x", "TypeError script_error", 3),
        ("\n  throw new RangeError('no')", "RangeError script_error", 2),
        ("1n", "TypeError not_serializable", 0), ("const o = {}; o.o = o; o", "TypeError not_serializable", 0),
        ("({a: {b: () => 1}})", "TypeError not_serializable the value's a.b is a function", 0),
        ("new Map()", "TypeError not_serializable", 0),
        ("throw {a: 1}", "Error script_error the script threw {\"a\":1}", 0),
        ("await new Promise(() => {})", "OrcaError never_settles", 0), ("", "OrcaError invalid_argument", 0),
        ("orca()", "TypeError script_error orca is an object", 1),
        ("await orca.events.watch()", "OrcaError unimplemented", 1),
        ("const x = 1;\nawait orca.tasks.create({titel: 'x'})", "TypeError invalid_argument", 2),
    ])
    func whatIsWrongIsToldInTheAuthorsLines(code: String, expected: String, line: Int) async {
        let report = await Stage().run(code)
        let told = report.error.map { "\($0.name) \($0.code) \($0.message)" } ?? "it succeeded"
        #expect(told.hasPrefix(expected), "\(code): \(told)")
        #expect(report.error?.line == line, "\(code): line \(report.error?.line ?? -1)")
        if line > 0 {
            #expect(
                report.error?.snippet
                    == code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[line - 1])
        }
    }

    @Test func refusalsAreExceptionsWithTheirCode() async {
        let stage = Stage(refusing: APIError("task_held", .conflict, "Bob has it.", details: ["next_steps": "Wait."]))
        let caught = await stage.run(
            "try { await orca.tasks.claim() } catch (e) { return [e.code, e.message, e.hint, e instanceof OrcaError] }")
        #expect(
            String(decoding: caught.value.jsonBytes(), as: UTF8.self) == #"["task_held","Bob has it.","Wait.",true]"#)
        let report = await stage.run("const a = 1;\n  await orca.tasks.claim()")
        #expect(report.error?.code == "task_held" && report.error?.line == 2 && report.error?.hint == "Wait.")
        #expect(report.calls.map(\.errorCode) == ["task_held"] && report.effects.isEmpty)
    }

    @Test func callsAreListedWithTheirEffectsAndGetKeysOfTheirOwn() async {
        let stage = Stage()
        let report = await stage.run(
            "await Promise.all([orca.tasks.create('a'), orca.tasks.create('b')]); await orca.tasks.list(); throw new Error('late')",
            key: "K")
        #expect(report.calls.map(\.method) == ["tasks.create", "tasks.create", "tasks.list"])
        #expect(report.effects.map(\.number) == [1, 2])
        #expect(report.calls.allSatisfy { $0.isDone && $0.errorCode.isEmpty })
        #expect(Set(stage.keys.compactMap(\.self)) == ["K:1", "K:2"])
        #expect(report.error?.message == "late")
    }

    @Test(arguments: [0, 1, 499, 500, 501, 1_203])
    func listAllReadsEveryPage(count: Int) async {
        let stage = Stage(tasks: count)
        let report = await stage.run(
            "const all = await orca.tasks.listAll({project: 'API', limit: 3}); [all.length, new Set(all.map((t) => t.ref)).size]"
        )
        #expect(report.value == .array([.integer(Int64(count)), .integer(Int64(count))]))
        #expect(report.calls.map(\.method) == ["tasks.listAll"] && report.effects.isEmpty)
        #expect(stage.calls.count == max(1, (count + 499) / 500))
    }

    @Test func listAllHasABound() async {
        let report = await Stage(tasks: 10_001).run("const a = 1;\nawait orca.tasks.all()")
        #expect(report.error?.code == "limit_exceeded" && report.error?.line == 2)
        #expect(report.error?.hint.contains("orca.tasks.list({") == true)
        let many = await Stage(holding: true).run("await Promise.all([1, 2, 3, 4, 5].map(() => orca.tasks.listAll()))")
        #expect(many.error?.code == "limit_exceeded" && many.calls.count == 5)
        let asked = await Stage().run("await orca.tasks.listAll({titel: 1})")
        #expect(asked.error?.code == "invalid_argument")
    }

    @Test func aTransactionIsDoneAsAWholeOrNotAtAll() async {
        let stage = Stage()
        let done = await stage.run(
            "await orca.transaction(async () => { await orca.tasks.create('a'); await orca.tasks.create('b') }); 1")
        #expect(done.isOK && stage.calls == ["CreateTask", "CreateTask"] && done.effects.count == 2)
        let undone = await stage.run(
            "await orca.tasks.create('c'); await orca.transaction(async () => { await orca.tasks.create('d'); throw new Error('no') })"
        )
        #expect(undone.error?.message == "no" && stage.calls.count == 3)
        #expect(undone.calls.map(\.isUndone) == [false, true] && undone.effects.map(\.number) == [1])
        let nested = await stage.run("await orca.transaction(() => orca.transaction(() => 1))")
        #expect(nested.error?.code == "invalid_argument")
        let left = await stage.run(
            "orca.transaction(async () => { await orca.tasks.create('e'); await sleep(5000) }); return 1")
        #expect(left.isOK && left.effects.isEmpty && stage.calls.count == 3)
    }

    @Test func logsAreKeptWithinBounds() async {
        let report = await Stage().run(
            "console.log('a', {b: 1}, [2]); console.error(new Error('x')); console.warn(undefined)")
        #expect(report.logs.map(\.text) == ["a {\"b\":1} [2]", "Error: x", "undefined"])
        #expect(report.logs.map(\.level) == ["info", "error", "warn"])
        let loud = await Stage().run("for (let i = 0; i < 2000; i++) console.log('line ' + i); 1")
        #expect(loud.isTruncated && loud.logs.count == 500 && loud.value == .integer(1))
        let long = await Stage().run("'x'.repeat(100000)")
        #expect(long.isTruncated && long.isOK && long.cutValue.utf8.count == 48_000)
    }

    @Test func oneScriptLeavesNothingForTheNext() async {
        let stage = Stage()
        _ = await stage.run("globalThis.left = 1; Object.prototype.left = 1; 1")
        #expect(await stage.run("typeof left + typeof ({}).left").value == "undefinedundefined")
    }
}
