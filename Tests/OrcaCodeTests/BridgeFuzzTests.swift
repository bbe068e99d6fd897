import OrcaCode
import OrcaSupport
import OrcaTestKit
import Testing

/// A sandbox that was taken over can write what it likes: whatever that is, the script ends with a report, and nothing
/// but the catalogue's operations is ever asked for.
@Suite(.serialized) struct BridgeFuzzTests {
    private static let lines: [String] = [
        #"{"type":"call","id":1,"method":"tasks.list","args":[{}]}"#,
        #"{"type":"call","id":2,"method":"tasks.create","args":["x",{"project":"API"}]}"#,
        #"{"type":"call","id":9223372036854775807,"method":"$sleep","args":[1]}"#,
        #"{"type":"call","id":-1,"method":"$begin","args":[]}"#,
        #"{"type":"call","id":3,"method":"$commit","args":[]}"#,
        #"{"type":"call","id":4,"method":"../../etc/passwd","args":[null]}"#,
        #"{"type":"log","level":"info","text":"hello"}"#, #"{"type":"log","level":7,"text":{}}"#,
        #"{"type":"done","value":{"a":[1,2,3]}}"#, #"{"type":"done","text":5}"#,
        #"{"type":"failed","error":{"name":"E","message":"m","line":1e300,"column":-5},"isStart":"x"}"#,
        #"{"type":"ready"}"#, "[]", "null", "\"x\"", "{}", String(repeating: "[", count: 5_000),
        #"{"type":"call","id":5,"method":"tasks.list","args":[\#(String(repeating: "{\"a\":", count: 200))1"#,
    ]

    private static func damaged(_ line: String, _ random: inout SeededRandom) -> [UInt8] {
        var bytes = Array(line.utf8)
        for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: index)
            default: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
            }
        }
        return bytes
    }

    @Test func whateverComesFromTheSandboxTheReportIsOne() async throws {
        let seed = UInt64(ProcessEnvironment.current["SEED"] ?? "") ?? UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let folder = TemporaryDirectory("bridge")
        let ready = Array(#"{"type":"ready","active":["seccomp"]}"#.utf8) + [0x0A]
        for round in 0..<150 {
            var script: [UInt8] = []
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let line = Self.lines[Int.random(in: 0..<Self.lines.count, using: &random)]
                script += Self.damaged(line, &random) + [0x0A]
            }
            try Files.write(ready, to: folder.path("ready"))
            try Files.write(script, to: folder.path("script"))
            // It says that it is ready, waits for the code, writes its lines, and ends or stays.
            let end = Bool.random(using: &random) ? "exit 3" : "exec sleep 60"
            let program = try folder.file(
                "sandbox-\(round)",
                "#!/bin/sh\ncat '\(folder.path("ready"))'\nread line\ncat '\(folder.path("script"))'\n\(end)\n",
                mode: 0o755)
            let stage = Stage()
            let pool = SandboxPool(SandboxProgram(path: program), size: 0)
            let report = await stage.run("1", timeoutMS: 400, pool: pool)
            #expect(report.isOK || report.error?.code.isEmpty == false, "seed \(seed), round \(round): \(report)")
            #expect(
                Set(stage.calls).isSubset(of: ["ListTasks", "CreateTask"]),
                "seed \(seed), round \(round): \(stage.calls)")
        }
    }

    @Test func aSandboxThatDoesNotStartIsToldAbout() async throws {
        let folder = TemporaryDirectory("bridge")
        for (text, told) in [("exit 6", "ended before it was ready"), ("echo hello", "ended before it was ready")] {
            let program = try folder.file("broken", "#!/bin/sh\n\(text)\n", mode: 0o755)
            let report = await Stage().run("1", pool: SandboxPool(SandboxProgram(path: program), size: 0))
            #expect(report.error?.code == "sandbox_unavailable" && report.error?.message.contains(told) == true)
        }
        let none = await Stage().run("1", pool: SandboxPool(SandboxProgram(path: "/nowhere/orca-sandbox"), size: 0))
        #expect(none.error?.code == "sandbox_unavailable")
    }
}
