import Glibc
import OrcaAPI
import OrcaConnect

enum ExampleWorker {
    private static let name = "swift-worker"
    private static let ttlMS: Int32 = 30_000

    static func main(_ arguments: [String]) async {
        guard arguments.count > 1 else { return end("usage: orca-example-worker PROJECT [COUNT]") }
        do {
            let orca = try Orca()
            var left = arguments.count > 2 ? Int(arguments[2]) ?? 0 : .max
            while left > 0 {
                try await carryOut(next(arguments[1], orca), orca)
                left -= 1
            }
        } catch {
            end("\(error)")
        }
    }

    private static func end(_ message: String) {
        let bytes = Array((message + "\n").utf8)
        _ = write(2, bytes, bytes.count)
        exit(1)
    }

    private static func next(_ project: String, _ orca: Orca) async throws -> OrcaV1.ClaimTaskResponse {
        while true {
            var request = OrcaV1.ClaimTaskRequest()
            request.workspace = "default"
            request.project = project
            request.agent = name
            request.ttlMs = ttlMS
            request.waitMs = 20_000
            do {
                return try await orca.run { [request] orca in try orca.claimTask(request) }
            } catch let error as OrcaError where error.code == "nothing_ready" {
                // Nothing was ready in that time: ask again.
            }
        }
    }

    /// What there is to do goes here; it is cancelled when the task was given to somebody else.
    private static func work(_ task: OrcaV1.Task) async throws -> String {
        try await _Concurrency.Task.sleep(for: .milliseconds(200))
        return "done by Swift: \(task.title)"
    }

    private static func carryOut(_ claim: OrcaV1.ClaimTaskResponse, _ orca: Orca) async throws {
        guard let task = claim.task, let lease = claim.lease else { return }
        do {
            let result = try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask { try await work(task) }
                group.addTask {
                    try await renew(task, lease, orca)
                    return nil
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
            var request = OrcaV1.CompleteTaskRequest()
            request.workspace = "default"
            request.task = task.id
            request.token = lease.token
            request.result = result ?? ""
            _ = try await orca.run { [request] orca in try orca.completeTask(request) }
            print("\(task.ref) completed")
        } catch let error as OrcaError where error.category == "conflict" {
            print("\(task.ref) was given to somebody else")
        }
    }

    /// Keeps the lease until it is cancelled; throws when the lease is lost.
    private static func renew(_ task: OrcaV1.Task, _ lease: OrcaV1.Lease, _ orca: Orca) async throws {
        var request = OrcaV1.RenewLeaseRequest()
        request.workspace = "default"
        request.task = task.id
        request.token = lease.token
        request.ttlMs = ttlMS
        while true {
            do {
                _ = try await orca.run { [request] orca in try orca.renewLease(request) }
            } catch let error as OrcaError where error.category != "conflict" {
                // A server that is away for a moment is no reason to stop; a lease that is lost is.
            }
            try await _Concurrency.Task.sleep(for: .milliseconds(Int(ttlMS) / 3))
        }
    }
}
