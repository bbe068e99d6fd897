import OrcaCode
import OrcaSupport
import OrcaTestKit
import Testing

/// What hostile code tries, and what stops it. Whatever happens to its process, the report is a typed error, it comes
/// within a second of the limit, and the next script finds everything in order.
@Suite(.serialized) struct EscapeTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        let code: String
        /// Codes of which the report must have one; empty when the value tells that nothing was found.
        let codes: Set<String>
        let value: JSONValue

        var testDescription: String { String(code.prefix(60)) }

        init(_ code: String, _ codes: String...) {
            (self.code, self.codes, value) = (code, Set(codes), .null)
        }

        init(_ code: String, gives value: JSONValue) {
            (self.code, codes, self.value) = (code, [], value)
        }
    }

    /// The engine or the bootstrap refuses, the clock or the memory's limit ends the process.
    static let exhaustion: [Attack] = [
        .init("while (true) {}", "time_limit"), .init("for (;;) await null", "time_limit"),
        .init("(async function f() { while (true) await null })(); await sleep(1e9)", "time_limit"),
        .init("const f = () => Promise.resolve().then(f); await f()", "time_limit"),
        .init("function f() { return f() + 1 } f()", "script_error"),
        .init("const f = async () => { await f() }; await f()", "script_error", "memory_limit", "time_limit"),
        .init("const a = []; while (true) a.push(new Array(1e5).fill(1.5))", "memory_limit", "script_error"),
        .init("let s = 'x'; while (true) s += s + Math.random()", "memory_limit", "script_error"),
        .init("const a = []; while (true) a.push(new Uint8Array(1 << 20).fill(1))", "memory_limit", "script_error"),
        .init("new ArrayBuffer(2 ** 40)", "script_error"), .init("'x'.repeat(2 ** 30)", "script_error"),
        .init("new Array(2 ** 32 - 1).join('x')", "script_error", "memory_limit", "time_limit"),
        .init("/(x+x+)+y/.test('x'.repeat(64))", "time_limit", "script_error", "memory_limit"),
        .init("[1].map(function g(x) { return [x].map(g) })", "script_error"),
        .init("const o = {get a() { while (true) {} }}; o", "time_limit"),
        .init("({toJSON() { while (true) {} }})", "time_limit"),
        .init("new Proxy({}, {ownKeys() { while (true) {} }})", "time_limit"),
        .init("throw {toString() { while (true) {} }, toJSON() { throw this }}", "time_limit", "script_error"),
        .init(
            "for (let i = 0; i < 100; i++) sleep(1e9).catch((e) => { globalThis.code = e.code }); await sleep(1); return 1",
            "limit_exceeded"),
        .init("for (let i = 0; i < 2000; i++) await orca.help('gates')", "limit_exceeded", "time_limit"),
        .init("await sleep(1e12)", "time_limit"), .init("await Promise.race([])", "never_settles"),
        .init("while (true) console.log('x'.repeat(7000))", "output_limit", "time_limit"),
        .init("let o = {}; for (let i = 0; i < 1e5; i++) o = {o}; o", "not_serializable"),
        .init("JSON.parse('['.repeat(1e6))", "script_error", "memory_limit"),
        .init(
            "for (let i = 0; i < 1e5; i++) orca.tasks.list(); await sleep(1e9)", "time_limit", "limit_exceeded",
            "output_limit"),
        .init("await orca.tasks.create({title: 'x'.repeat(5e6)})", "output_limit", "sandbox_died", "invalid_argument"),
        .init("new Intl.DateTimeFormat('en', {timeZone: 'X'.repeat(1e6)})", "script_error"),
        .init("eval('('.repeat(1e6))", "script_error", "memory_limit"),
        .init("(".repeated(100_000), "syntax_error", "memory_limit", "time_limit"),
    ]

    /// Ways out that are not there.
    static let escapes: [Attack] = [
        .init(
            "typeof process + typeof require + typeof module + typeof Deno + typeof Bun",
            gives: .string("undefined".repeated(5))),
        .init("typeof fetch + typeof XMLHttpRequest + typeof WebSocket", gives: .string("undefined".repeated(3))),
        .init(
            "typeof setTimeout + typeof setInterval + typeof queueMicrotask", gives: .string("undefined".repeated(3))),
        .init(
            "typeof WebAssembly + typeof SharedArrayBuffer + typeof Atomics", gives: .string("undefined".repeated(3))),
        .init(
            "typeof load + typeof readFile + typeof print + typeof $vm + typeof gc",
            gives: .string("undefined".repeated(5))),
        .init("new Function('return typeof process')()", gives: "undefined"),
        .init("(async () => {}).constructor('return typeof process')()", gives: "undefined"),
        .init("orca.constructor === undefined && orca.tasks.constructor === undefined", gives: .bool(false)),
        .init("Object.getPrototypeOf(orca)", gives: .null), .init("await import('fs')", "script_error"),
        .init("await import('file:///etc/passwd')", "script_error"), .init("import fs from 'fs'; fs", "syntax_error"),
        .init("orca.tasks.list = () => 1; (await orca.tasks.list()).tasks.length", gives: .integer(0)),
        .init("globalThis.orca = null; typeof orca", gives: "function"),
        .init("Object.defineProperty(globalThis, 'orca', {value: 1})", "script_error"),
        .init("delete globalThis.orca; typeof orca", gives: "function"),
        .init("console.log = 1; typeof console.log", gives: "function"),
        .init("await orca.$begin()", "script_error"), .init("await orca['$sleep'].x()", "script_error"),
        .init("await orca.__proto__.constructor()", "unknown_method"),
        .init("await orca.tasks['__proto__']()", "unknown_method"),
        .init("await orca.tasks['../../etc/passwd']()", "unknown_method"),
        .init("await orca.scripts.run('1')", "unknown_method"),
        .init("Error.prepareStackTrace = (e, s) => s; typeof new Error().stack", gives: "string"),
        .init("Error.stackTraceLimit = 1e9; Error.stackTraceLimit", gives: .integer(50)),
    ]

    /// Scripts that bend what the bootstrap stands on: their own business, and nobody else's.
    static let tampering: [Attack] = [
        .init("JSON.stringify = () => '{\"type\":\"done\",\"value\":666}'; 1", gives: .integer(1)),
        .init("Object.prototype.type = 'done'; 2", gives: .integer(2)),
        .init("Object.prototype.toJSON = () => 'bent'; ({a: 1}).a", gives: .integer(1)),
        .init("Array.prototype.map = null; Array.prototype[Symbol.iterator] = null; [3]", gives: .array([.integer(3)])),
        .init("Promise.prototype.then = () => {}; 4", gives: .integer(4)),
        .init("Map.prototype.get = () => ({resolve() {}, reject() {}}); 5", gives: .integer(5)),
        .init("String.prototype.slice = () => 'bent'; 'x'", gives: "x"),
        .init("Object.defineProperty(Object.prototype, 'value', {set() { throw 1 }}); 6", gives: .integer(6)),
        .init("}); globalThis.out = 1; (async () => {\n7", gives: .integer(7)),
    ]

    @Test(arguments: exhaustion + escapes + tampering)
    func isStopped(_ attack: Attack) async {
        let stage = Stage()
        let began = ContinuousClock.now
        let report = await stage.run(attack.code, timeoutMS: 1_500)
        let took = began.duration(to: .now).milliseconds
        if attack.codes.isEmpty {
            #expect(
                report.error == nil && report.value == attack.value,
                "\(report.value) \(String(describing: report.error))")
        } else {
            let code =
                report.error?.code
                ?? "it succeeded with \(String(decoding: report.value.jsonBytes().prefix(100), as: UTF8.self))"
            #expect(attack.codes.contains(code), "\(code) \(report.error?.message.prefix(200) ?? "")")
        }
        // A limit, not a measurement: twice the limit, on a machine that does much else.
        #expect(took < 10_000)
        let next = await stage.run("6 * 7")
        #expect(next.value == .integer(42) && next.isOK)
    }

    @Test func theLockdownIsInForce() async {
        let report = await Stage().run("1")
        #expect(Set(report.lockdown).isSuperset(of: ["seccomp", "limits", "no_new_privileges"]), "\(report.lockdown)")
    }

    /// The sandbox under a filter that lets nobody have a filter of his own.
    private static let withoutSeccomp = """
        #!/usr/bin/python3
        import ctypes, os, struct, sys
        libc = ctypes.CDLL(None, use_errno=True)
        step = lambda code, yes, no, value: struct.pack("HBBI", code, yes, no, value)
        number = {"x86_64": 317, "aarch64": 277}[os.uname().machine]
        filter = [step(0x20, 0, 0, 0), step(0x15, 0, 1, number), step(0x06, 0, 0, 0x00050000 | 38),
                  step(0x06, 0, 0, 0x7FFF0000)]
        text = ctypes.create_string_buffer(b"".join(filter))
        program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(filter), ctypes.addressof(text)))
        assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program) == 0, ctypes.get_errno()
        os.execv("SANDBOX", ["orca-sandbox"] + sys.argv[1:])
        """

    @Test func withoutSeccompNothingRunsUnlessThatIsAllowed() async throws {
        let folder = TemporaryDirectory("degraded")
        let path = folder.path("orca-sandbox")
        try Files.write(Self.withoutSeccomp.replacing("SANDBOX", with: Stage.program), to: path, mode: 0o755)
        let strict = SandboxPool(SandboxProgram(path: path), size: 0)
        let refused = await Stage().run("1", pool: strict)
        #expect(refused.error?.code == "sandbox_unavailable" && refused.error?.hint.contains("allow_degraded") == true)
        let lenient = SandboxPool(SandboxProgram(path: path, isDegradedAllowed: true), size: 0)
        let report = await Stage().run("6 * 7", pool: lenient)
        #expect(report.value == 42 && !report.lockdown.contains("seccomp"), "\(report)")
        #expect(report.lockdown.contains("limits"))
    }

    /// One that ends while nobody looks could not be started again behind the lockdown, and its process would die of that.
    @Test func theSandboxHasNoThreadsBesideItsOwn() throws {
        let child = try PipedProcess(SubprocessCommand(Stage.program, [], directory: "/"))
        defer { child.kill() }
        let deadline = Deadline.after(.seconds(20))
        try #require(!Poll.readable([child.outputDescriptor], until: deadline).isEmpty)
        _ = try child.read()
        let code = "for (let n = 0; n < 9; n++) { const a = []; for (let i = 0; i < 1e5; i++) a.push({ i }); } 7"
        let order = JSONValue.object([.init("type", "run"), .init("code", .string(code))])
        #expect(child.write(order.jsonBytes() + [0x0A], until: deadline))
        try #require(!Poll.readable([child.outputDescriptor], until: deadline).isEmpty)
        #expect(try child.read().map { String(decoding: $0, as: UTF8.self) } == "{\"type\":\"done\",\"value\":7}\n")
        #expect(try Files.readText("/proc/\(child.pid)/status").contains("Threads:\t1\n"))
    }
}

extension String {
    fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
