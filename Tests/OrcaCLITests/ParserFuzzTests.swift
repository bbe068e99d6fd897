import OrcaAPI
import OrcaCLI
import OrcaDomain
import Testing

@Suite struct ParserFuzzTests {
    /// Whatever words come, a command line runs, asks for help, or gets a complaint that ends with what to do.
    @Test(arguments: 0..<10)
    func anyWordsGetAnAnswer(batch: Int) {
        var state = UInt64(batch) &* 7919 &+ 17
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(below))
        }
        let flags = (GlobalFlags.all + CommandWalk.all(Root.command).flatMap { $0[$0.count - 1].allFlags }).flatMap {
            flag in
            ["--\(flag.name)", "--\(flag.name)=x"] + (flag.short.map { ["-\($0)", "-\($0)x"] } ?? [])
        }
        let names = CommandWalk.all(Root.command).flatMap { $0.map(\.name) }
        let odd = [
            "", "-", "--", "---", "-=", "--=", "=", "é", "\u{1B}[m", "-1", "5", "API-1", "a=b", "@x",
            String(repeating: "x", count: 5000),
        ]
        let pools = [names, flags, odd]
        for _ in 0..<400 {
            let words = (0..<random(8)).map { _ in
                let pool = pools[random(3)]
                return pool[random(pool.count)]
            }
            do {
                _ = try CommandLineParser.parse(words, root: Root.command)
            } catch {
                #expect(error.category.exitCode == 2, "\(words)")
                #expect(!error.message.isEmpty, "\(words)")
            }
            let completer = Completer(root: Root.command) { _, _ in [] }
            _ = completer.complete(words).text
        }
    }
}
