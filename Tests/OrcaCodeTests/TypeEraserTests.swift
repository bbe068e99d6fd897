import Glibc
import OrcaCode
import OrcaSupport
import Testing

/// TypeScript becomes JavaScript without anything moving.
@Suite struct TypeEraserTests {
    @Test(arguments: [
        ("const x: number = 1; x + 1", "2"),
        ("interface A { b: string }\nconst a: A = {b: 'c'};\na.b", #""c""#),
        ("type Pair<T> = [T, T];\nconst p: Pair<number> = [1, 2]\np.length", "2"),
        ("const add = (a: number, b?: number): number => a + (b ?? 1)\nadd(1)", "2"),
        ("function first<T>(list: T[]): T { return list[0]! }\nfirst<string>(['a'])", #""a""#),
        ("const m = new Map<string, number>([['a', 1]]);\nm.get('a') as number", "1"),
        ("class C { private n: number = 3; get(): number { return this.n } }\nnew C().get()", "3"),
        ("const t = await orca.tasks.create({title: 'T'} as {title: string})\nt!.ref", #""API-1""#),
        ("async (): Promise<number> => { return 7 }", "7"),
        ("declare const z: string;\ntypeof z", #""undefined""#),
        ("let a = 1 < 2, b: boolean = a satisfies boolean; [a, b]", "[true,true]"),
        ("```ts\nconst n: number = 9\nn\n```", "9"),
        ("try { throw 1 } catch (e: unknown) { e }\nconst r: Record<string, unknown> = {}; r", "{}"),
    ])
    func typeScriptRuns(code: String, expected: String) async {
        let report = await Stage().run(code)
        let told = report.error.map { "\($0.code) \($0.message) \($0.line):\($0.column)" }
        #expect(told ?? String(decoding: report.value.jsonBytes(), as: UTF8.self) == expected, "\(code)")
    }

    @Test(arguments: [
        ("const a: string = 'x';\n  null.b", "TypeError script_error", 2),
        ("interface A {\n  b: string;\n}\nconst c: A | undefined = undefined;\nc!.b", "TypeError script_error", 5),
        ("const a: number = 1;\nlet b = ;", "SyntaxError syntax_error", 2),
        ("const a: number = 1;\nawait orca.tasks.create({titel: 'x'} as any)", "TypeError invalid_argument", 2),
        ("const a = 1;\nenum Color { Red }", "SyntaxError syntax_error TypeScript's enum", 2),
        ("const enum Color { Red }", "SyntaxError syntax_error TypeScript's enum", 1),
        ("\nnamespace N { const a = 1 }", "SyntaxError syntax_error TypeScript's namespace", 2),
        ("class A {\n constructor(private b: string) {}\n}", "SyntaxError syntax_error TypeScript's parameter", 2),
    ])
    func errorsAreAtTheAuthorsPlace(code: String, expected: String, line: Int) async {
        let report = await Stage().run(code)
        let told = report.error.map { "\($0.name) \($0.code) \($0.message)" } ?? "it succeeded"
        #expect(told.hasPrefix(expected) && report.error?.line == line, "\(code): \(told) \(report.error?.line ?? -1)")
        if told.contains("TypeScript's") { #expect(report.error?.hint.isEmpty == false) }
    }

    @Test func refusalsNameTheColumn() {
        guard case .refused(let refusal) = TypeEraser.erase("let a = 1; enum B { C }") else {
            Issue.record("it was not refused")
            return
        }
        #expect((refusal.line, refusal.column) == (1, 12))
    }

    @Test(arguments: [
        "const t = a < b && c > d", "f(a ? (b) : c)", "let type = 1; type = 2\ntype", "let as = 1; as",
        "x = a < (b >> 1)",
        "({ a: 1, get b() { return 2 }, async *c() {} })", "const r = /a<b>/.test(c) ? d : e",
        "for (const a of b) c(a)",
        "label: for (;;) { break label }", "switch (a) { case (b): c(); default: d() }", "`a${b ? `c${d}` : e}f`",
    ])
    func javaScriptStaysAsItIs(code: String) {
        #expect(TypeEraser.erase(code) == .erased(code))
    }

    @Test func anotherProgramMakesTheSameJavaScript() throws {
        try inTemporaryFolder { folder in
            var names: [String] = []
            for (number, snippet) in typeSnippets.enumerated() {
                guard case .erased(let erased) = TypeEraser.erase(snippet) else {
                    Issue.record("refused: \(snippet)")
                    continue
                }
                #expect(isSameShape(snippet, erased), "\(erased)")
                try Files.write(snippet, to: "\(folder)/\(number)ts.ts")
                try Files.write(erased, to: "\(folder)/\(number)js.js")
                names.append("\(number)")
            }
            try Files.write(
                #"{"compilerOptions": {"useDefineForClassFields": true, "target": "esnext"}}"#,
                to: "\(folder)/tsconfig.json")
            let command =
                "cd '\(folder)' && esbuild *.ts *.js --outdir=out --target=esnext --log-level=error"
                + " --minify-whitespace --minify-syntax --tree-shaking=false 2>&1 >/dev/null"
            let failure = command.withCString { popen($0, "r") }
            var told = [CChar](repeating: 0, count: 4_000)
            let count = fread(&told, 1, told.count - 1, failure)
            #expect(
                pclose(failure) == 0, "\(String(decoding: told[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))"
            )
            #expect(names.count == typeSnippets.count)
            for (number, name) in names.enumerated() {
                let expected = try Files.readText("\(folder)/out/\(name)ts.js")
                #expect(try Files.readText("\(folder)/out/\(name)js.js") == expected, "\(typeSnippets[number])")
            }
        }
    }

    /// The shape of whatever comes out is that of what went in, and nothing crashes or takes long.
    @Test func anyTextKeepsItsLinesAndLength() {
        let seed = UInt64.random(in: .min ... .max)
        print("TypeEraser: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let pieces = [
            "<", ">", "(", ")", "{", "}", "[", "]", ":", "?", "=>", "=", ",", ";", "`", "${", "\n", " ", "a", "as ",
            "type ",
            "interface ", "class ", "declare ", "function ", "async ", "\"", "'", "/", "//", "/*", "*/", "\\", "é", "🐳",
            "\u{2028}",
            "extends ", "import ", "new ", "const ", "!", "...", "|", "-", "1", ".", "\r\n", "case ", "for ",
            "abstract ", "\0",
        ]
        for _ in 0..<500 {
            var code = Bool.random(using: &random) ? "" : typeSnippets.randomElement(using: &random) ?? ""
            for _ in 0..<Int.random(in: 0..<30, using: &random) {
                let place = code.indices.randomElement(using: &random) ?? code.endIndex
                code.insert(contentsOf: pieces.randomElement(using: &random) ?? "", at: place)
            }
            if case .erased(let erased) = TypeEraser.erase(code) {
                #expect(isSameShape(code, erased), "seed \(seed): \(code)")
            }
        }
    }

    @Test(arguments: [
        "(", "[", "{", "<", "a<", "a?", "(a):", "`${", "f(a<b,", "x=>", "!", "new ", "type A=", "if(a)", "class A{b=",
    ])
    func deepNestingIsBounded(piece: String) {
        let deep = String(repeating: piece, count: 3_000)
        let closers = ["(": ")", "[": "]", "{": "}", "`${": "}`"]
        let code = deep + "a" + String(repeating: closers[piece] ?? "", count: 3_000)
        let began = ContinuousClock.now
        #expect(TypeEraser.erase(code) == .erased(code) || piece.contains("A"))
        #expect(began.duration(to: .now) < .seconds(10))
    }

    private func isSameShape(_ code: String, _ erased: String) -> Bool {
        let before = Array(code.utf16), after = Array(erased.utf16)
        func isLineEnd(_ unit: UInt16) -> Bool { [10, 13, 0x2028, 0x2029].contains(unit) }
        return before.count == after.count
            && before.indices.allSatisfy { isLineEnd(before[$0]) == isLineEnd(after[$0]) }
            && before.indices.allSatisfy { after[$0] == before[$0] || after[$0] == 32 || after[$0] == 59 }
    }

    private func inTemporaryFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/orca-types-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // What is left behind in /tmp harms nobody.
        defer { try? Files.removeTree(path) }
        try body(path)
    }

    @Test func aHostileTextEndsWithItsTime() {
        let text = String(repeating: "a<b<c<(x: ", count: 100_000)
        let began = ContinuousClock.now
        #expect(TypeEraser.erase(text, until: .now) == .outOfTime)
        let deep = String(repeating: "const f = <T,>(a: A<B<C>>, b?: {c: D}) => a as E;\n", count: 20_000)
        #expect(TypeEraser.erase(deep, until: .after(.milliseconds(50))) == .outOfTime)
        // Far less than all of it takes, far more than a look at the clock.
        #expect(began.duration(to: .now) < .seconds(5))
    }
}
