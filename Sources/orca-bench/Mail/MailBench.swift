import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Synchronization

/// Mail through a real server: how soon a waiting caller has what was sent to it, and what hundreds that wait cost.
enum MailBench {
    private static let crowd = 500

    static func run(_ options: BenchOptions) throws {
        var report = BenchReport(
            "mail to a waiting caller (unix socket)",
            columns: [
                "wakes p50 ms", "wakes p99 ms", "all at once ms", "server MB", "idle CPU ms in 2 s", "CPU ms/mail",
            ])
        for count in [1, crowd] {
            var rows: [[Double]] = []
            for _ in 0..<options.rounds { rows.append(try measure(waiters: count)) }
            let columns = rows[0].indices.map { column in rows.map { $0[column] }.median }
            report.add("\(count) waiter\(count == 1 ? "" : "s")", columns)
        }
        report.note(
            "one mail at a time to one of them, then one to each as fast as one sender can; each is marked read")
        try report.finish(options)
    }

    private static func measure(waiters count: Int) throws -> [Double] {
        let folder = try StoreClaimBench.benchFolder()
        let server = try BenchServer(database: folder + "/mail.db", folder: folder)
        defer { server.stop() }
        let sender = try server.client()
        for name in ["sender"] + (0..<count).map({ "w\($0)" }) {
            _ = try sender.call(
                Operations.registerAgent,
                .with {
                    $0.workspace = "default"
                    $0.name = name
                })
        }
        let crowd = try MailCrowd(count, server)
        defer { crowd.leave() }
        // A first one to each: from then on all of them wait.
        try crowd.post(to: Array(0..<count), from: sender)
        sleep(1)
        let idle = server.cpuSeconds
        sleep(2)
        let idleCPU = (server.cpuSeconds - idle) * 1_000
        let memory = server.residentMegabytes
        var single: [Double] = []
        let before = server.cpuSeconds
        let letters = 200
        for index in 0..<letters { single.append(try crowd.post(to: [index * 7 % count], from: sender)) }
        let cpu = (server.cpuSeconds - before) * 1_000 / Double(letters)
        let burst = try crowd.post(to: Array(0..<count), from: sender)
        single.sort()
        return [single[single.count / 2], single[single.count * 99 / 100], burst, memory, idleCPU, cpu]
    }
}

/// Callers that wait for mail, each on a connection and a thread of its own.
private final class MailCrowd: Sendable {
    private struct State {
        var missing = 0
        var isOver = false
        var failure: String?
    }

    private let state = Mutex(State())
    private let bell: Wakeup
    private let threads = Mutex<[ManagedThread]>([])
    private let server: BenchServer
    private static let waitMS: Int32 = 20_000

    init(_ count: Int, _ server: BenchServer) throws {
        self.server = server
        bell = Wakeup()
        for index in 0..<count {
            let client = try server.client()
            let thread = try ManagedThread("waiter-\(index)") { [self] in wait(index, client) }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Sends one message to each of these; milliseconds from the first request until the last one has its own.
    @discardableResult
    func post(to waiters: [Int], from sender: HTTPClient) throws -> Double {
        state.withLock { $0.missing = waiters.count }
        let start = ContinuousClock.now
        for waiter in waiters { try post("w\(waiter)", sender) }
        let deadline = Deadline.after(.seconds(60))
        while true {
            let (missing, failure) = state.withLock { ($0.missing, $0.failure) }
            if let failure { throw Bench.Failure(description: failure) }
            if missing == 0 { return (ContinuousClock.now - start).inSeconds * 1_000 }
            guard !deadline.hasPassed else { throw Bench.Failure(description: "\(missing) waiters got nothing") }
            bell.hear(until: .after(.seconds(1)))
        }
    }

    private func post(_ name: String, _ sender: HTTPClient) throws {
        _ = try sender.call(
            Operations.sendMessage,
            .with {
                $0.workspace = "default"
                $0.from = "agent:sender"
                $0.to = "agent:\(name)"
                $0.subject = "bench"
                $0.body = "A line of text as agents send it to each other, neither long nor short."
            })
    }

    /// The server goes first; then nobody waits any more.
    func leave() {
        state.withLock { $0.isOver = true }
        server.stop()
        for thread in threads.withLock({ $0 }) { thread.join() }
    }

    private func wait(_ index: Int, _ client: HTTPClient) {
        var round = 0
        while !state.withLock({ $0.isOver }) {
            do throws(APIError) {
                round += 1
                let delivery = "w\(index)-\(round)"
                let mail = try client.call(
                    Operations.takeMessages,
                    .with {
                        $0.workspace = "default"
                        $0.recipient = "agent:w\(index)"
                        $0.delivery = delivery
                        $0.waitMs = Self.waitMS
                    })
                guard !mail.messages.isEmpty else { continue }
                state.withLock { $0.missing -= mail.messages.count }
                bell.ring()
                _ = try client.call(
                    Operations.markMessages,
                    .with {
                        $0.workspace = "default"
                        $0.recipient = "agent:w\(index)"
                        $0.delivery = delivery
                    })
            } catch {
                state.withLock { if !$0.isOver { $0.failure = "\(error)" } }
                bell.ring()
                return
            }
        }
    }
}
