import Glibc
import OrcaSupport
import Synchronization

/// Many clients at once, each on a thread of its own.
enum ScriptCrowd {
    /// All the times that `body` answered.
    static func run(
        clients: Int, each: Int, _ body: @escaping @Sendable () throws -> Double
    ) throws -> [Double] {
        let found = Mutex<(times: [Double], failure: String?)>(([], nil))
        let threads = try (0..<clients).map { _ in
            try ManagedThread("script-client") {
                do {
                    for _ in 0..<each {
                        let time = try body()
                        found.withLock { $0.times.append(time) }
                    }
                } catch {
                    found.withLock { $0.failure = "\(error)" }
                }
            }
        }
        for thread in threads { thread.join() }
        return try found.withLock { found in
            if let failure = found.failure { throw Bench.Failure(description: failure) }
            return found.times
        }
    }
}

/// A Node process that runs what it is sent in contexts of its own, one line after the other.
final class NodeMachine {
    private let process: PipedProcess

    var pid: Int32 { process.pid }

    init(_ script: String) throws {
        process = try PipedProcess(
            SubprocessCommand("node", [script, "vm"], environment: ["PATH": "/usr/bin:/bin"]))
    }

    /// How long an answer took, in milliseconds.
    func run(_ code: String) throws -> Double {
        let start = ContinuousClock.now
        let deadline = Deadline.after(.seconds(30))
        guard process.write(Array((code + "\n").utf8), until: deadline),
            !Poll.readable([process.outputDescriptor], until: deadline).isEmpty, try process.read()?.isEmpty == false
        else { throw Bench.Failure(description: "node does not answer") }
        return (ContinuousClock.now - start).inSeconds * 1_000
    }

    func end() { process.kill() }
}
