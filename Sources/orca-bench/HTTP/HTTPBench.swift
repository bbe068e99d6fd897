import Glibc
import OrcaSupport

/// Small answers over HTTP: ours and nginx's in turn, the same load generator, the same machine.
enum HTTPBench {
    private static let connections = 64
    private static let seconds = 3

    private struct Figures {
        var rates: [Double] = []
        var p50: [Double] = []
        var p99: [Double] = []
        var cpu: [Double] = []
    }

    static func run(_ options: BenchOptions) throws {
        let directory = try temporaryDirectory()
        defer { _ = try? Subprocess.run(SubprocessCommand("rm", ["-rf", directory])) }  // in /tmp; harmless
        let ours = try BenchProcess("/proc/self/exe", ["http-fixture", directory + "/run/orca.sock"])
        defer { ours.end() }
        let port = try ours.firstLine()
        let path = "/v1/workspaces/w/tasks/API-1"
        let body = try get("http://127.0.0.1:\(port)\(path)")
        let nginx = try startNginx(directory, body: body)
        defer { nginx.process.end() }

        let contestants = [
            (name: "orca", process: ours, url: "http://127.0.0.1:\(port)\(path)"),
            (name: "nginx, 1 worker, fixed body", process: nginx.process, url: "http://127.0.0.1:\(nginx.port)/"),
        ]
        var figures = [Figures](repeating: Figures(), count: contestants.count)
        for _ in 0..<options.rounds {
            for (index, contestant) in contestants.enumerated() {
                try measure(contestant.process, contestant.url, &figures[index])
            }
        }
        var report = BenchReport(
            "HTTP: \(body.utf8.count) bytes of JSON, \(connections) connections, \(options.rounds) rounds of \(seconds) s",
            columns: ["requests/s", "p50 ms", "p99 ms", "CPU µs/request", "RSS MiB"])
        for (contestant, figure) in zip(contestants, figures) {
            report.add(
                contestant.name,
                [
                    figure.rates.median, figure.p50.median, figure.p99.median, figure.cpu.median,
                    contestant.process.residentKiB() / 1024,
                ])
        }
        let ratio = zip(figures[0].rates, figures[1].rates).map { $0 / $1 }.median
        report.note(
            "ratio of requests/s, median over the rounds: \((ratio * 100).rounded() / 100) (budget: at least 0.5)")
        try report.finish(options)
    }

    private static func temporaryDirectory() throws -> String {
        var template = Array("/tmp/orca-bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Bench.Failure(description: "no temporary directory") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func get(_ url: String) throws -> String {
        let result = try Subprocess.run(
            SubprocessCommand("curl", ["-sS", "-H", "Authorization: Bearer x", url]), timeout: .seconds(10))
        guard result.status == .exited(code: 0) else { throw Bench.Failure(description: result.errorText) }
        return result.outputText
    }

    private static func startNginx(_ directory: String, body: String) throws -> (process: BenchProcess, port: Int) {
        let port = 20_000 + Int(getpid()) % 20_000
        let text = """
            daemon off; worker_processes 1; pid \(directory)/nginx.pid; error_log /dev/null;
            events { worker_connections 4096; }
            http {
              access_log off; keepalive_requests 1000000000; default_type application/json;
              client_body_temp_path \(directory)/a; proxy_temp_path \(directory)/b; fastcgi_temp_path \(directory)/c;
              uwsgi_temp_path \(directory)/d; scgi_temp_path \(directory)/e;
              server { listen 127.0.0.1:\(port); location / { return 200 '\(body)'; } }
            }

            """
        let path = directory + "/nginx.conf"
        guard let file = fopen(path, "w") else { throw Bench.Failure(description: "\(path) cannot be written") }
        fputs(text, file)
        fclose(file)
        let process = try BenchProcess("nginx", ["-c", path])
        for _ in 0..<100 {
            if (try? get("http://127.0.0.1:\(port)/")) == body { return (process, port) }  // it needs a moment to start
            usleep(20_000)
        }
        throw Bench.Failure(description: "nginx does not answer; `make setup` with `bench` installs it")
    }

    private static func measure(_ process: BenchProcess, _ url: String, _ figures: inout Figures) throws {
        let before = process.cpuSeconds()
        let result = try Subprocess.run(
            SubprocessCommand(
                "wrk",
                [
                    "-t1", "-c\(connections)", "-d\(seconds)s", "--latency", "-H", "Authorization: Bearer x", url,
                ]), timeout: .seconds(60))
        let lines = result.outputText.split(separator: "\n")
        func field(_ prefix: String, _ index: Int) -> Substring? {
            lines.first { $0.drop { $0 == " " }.hasPrefix(prefix) }?.split(separator: " ").dropFirst(index).first
        }
        guard let rate = field("Requests/sec:", 1).flatMap({ Double($0) }),
            let p50 = field("50%", 1).flatMap(milliseconds), let p99 = field("99%", 1).flatMap(milliseconds),
            field("Non-2xx", 0) == nil
        else { throw Bench.Failure(description: "wrk: \(result.outputText)\(result.errorText)") }
        figures.rates.append(rate)
        figures.p50.append(p50)
        figures.p99.append(p99)
        figures.cpu.append((process.cpuSeconds() - before) * 1e6 / (rate * Double(seconds)))
    }

    /// `812.00us`, `1.20ms`, `1.01s`
    private static func milliseconds(_ text: Substring) -> Double? {
        if text.hasSuffix("us") { return Double(text.dropLast(2)).map { $0 / 1000 } }
        if text.hasSuffix("ms") { return Double(text.dropLast(2)) }
        return text.hasSuffix("s") ? Double(text.dropLast()).map { $0 * 1000 } : nil
    }
}
