import Glibc

/// The benchmarks by name. Each prints a table and appends its figures as JSON to the file given with `--json`.
enum Bench {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let usage = """
        usage: orca-bench NAME [--rounds N] [--quick] [--json FILE]

          store-claims   durable claims through the store, against a C loop with the same statements
          postgres-claims URI  durable claims on Postgres, against a libpq loop and a queue from PyPI; %s in the URI is the
                         database
          fan-out URI  events to followers of three servers on Postgres, of one there, and of one on SQLite
          server-claims  durable claims through the server, against queues from PyPI
          scale          everyday calls at ten thousand and a million tasks
          start          from starting orca to its answer, against a C client; from starting orcad until it listens
          mail           how soon a waiting caller has its mail, and what 500 that wait cost
          terminals      how soon a ready task is a submitted prompt, and what 200 watched terminals cost
          http      small answers over HTTP, 64 connections, against nginx
          scripts   scripts through the server, against a Node process and Node's vm
          transports   calls by transport, and gRPC against the library alone
          streams   event streams: memory of idle ones, events to a thousand at once

        """

    /// Answers the exit code.
    static func main(_ arguments: [String]) -> Int32 {
        do {
            let options = try BenchOptions(Array(arguments.dropFirst()))
            switch arguments.first {
            case "store-claims": try StoreClaimBench.run(options)
            case "postgres-claims": try PostgresClaimBench.run(options)
            case "fan-out": try FanOutBench.run(options)
            case "server-claims": try ServerClaimBench.run(options)
            case "scale": try ScaleBench.run(options)
            case "start": try StartBench.run(options)
            case "mail": try MailBench.run(options)
            case "terminals": try TerminalBench.run(options)
            case "http": try HTTPBench.run(options)
            case "scripts": try ScriptBench.run(options)
            case "streams": try StreamBench.run(options)
            case "transports": try TransportBench.run(options)
            case "transport-fixture": try serve(options.rest.first ?? "")
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

    /// Serves until it is killed.
    private static func serve(_ folder: String) throws {
        Task {
            do {
                try await TransportFixture.run(folder: folder)
            } catch {
                print("orca-bench: \(error)")
                exit(1)
            }
        }
        while true { pause() }
    }
}

struct BenchOptions {
    var rounds = 5
    var jsonPath: String?
    /// Leaves out the sizes that take long to set up.
    var isQuick = false
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
            case "--quick": isQuick = true
            case "--json": jsonPath = rest.popFirst()
            default: self.rest.append(argument)
            }
        }
    }
}
