/// The benchmarks by name. Each prints a table and appends its figures as JSON to the file given with `--json`.
enum Bench {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let usage = """
        usage: orca-bench NAME [--rounds N] [--json FILE]

          http      small answers over HTTP, 64 connections, against nginx
          streams   event streams: memory of idle ones, events to a thousand at once

        """

    /// Answers the exit code.
    static func main(_ arguments: [String]) -> Int32 {
        do {
            let options = try BenchOptions(Array(arguments.dropFirst()))
            switch arguments.first {
            case "http": try HTTPBench.run(options)
            case "streams": try StreamBench.run(options)
            case "http-fixture": try HTTPFixture.run(socket: options.rest.first ?? "")
            default:
                print(usage)
                return 2
            }
            return 0
        } catch {
            print("orca-bench: \(error)")
            return 1
        }
    }
}

struct BenchOptions {
    var rounds = 5
    var jsonPath: String?
    var rest: [String] = []

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--rounds":
                guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else {
                    throw Bench.Failure(description: "--rounds needs a number")
                }
                rounds = value
            case "--json": jsonPath = rest.popFirst()
            default: self.rest.append(argument)
            }
        }
    }
}
