package import OrcaAPI
package import OrcaConnect
import OrcaDomain
package import OrcaSupport

/// `orca lease hold`: keeps a lease while another process lives and is not stopped.
package struct LeaseHold: Sendable {
    package var workspace = "default"
    /// Ref or id.
    package var task: String
    package var token: Int64
    package var pid: Int32

    package init(task: String, token: Int64, pid: Int32) {
        self.task = task
        self.token = token
        self.pid = pid
    }

    package enum End: Sendable, Hashable {
        case processEnded
        case lost(reason: String)
        case stopped
    }

    /// Returns when the process has ended, the lease is lost, or `stop` is raised. The lease itself is left as it is.
    /// Throws when there is no such process or the token does not hold the task in the first place.
    package func run(client: any OrcaClient, stop: StopSignal, observer: @escaping WorkObserver) throws(APIError) -> End
    {
        let watch: ProcessWatch
        do { watch = try ProcessWatch(pid: pid) } catch {
            throw APIError(
                "process_not_found", .notFound,
                "There is no process \(pid); give the one that does the work with --pid.")
        }
        var request = OrcaV1.RenewLeaseRequest()
        request.workspace = workspace
        request.task = task
        request.token = token
        guard let lease = try client.call(Operations.renewLease, request).lease else {
            throw APIError(ErrorCode.internal.rawValue, .internal, "The server renewed a lease without showing it.")
        }
        let patient = PatientClient(client, observer: observer)
        do {
            let keeper = try LeaseKeeper(
                client: patient, lease: lease, workspace: workspace, state: { watch.state },
                onStopped: {
                    observer(.warning("process \(pid) is stopped; the lease of \(lease.taskRef) is not kept meanwhile"))
                })
            let losses = try LossWatcher(client: patient, workspace: workspace)
            losses.add(keeper, task: lease.task)
            defer {
                losses.finish()
                keeper.finish()
            }
            let ready = Poll.readable([watch.descriptor, keeper.lost.descriptor, stop.descriptor], until: .never)
            if ready.contains(1) { return .lost(reason: keeper.loss?.message ?? "the lease was lost") }
            return ready.contains(0) ? .processEnded : .stopped
        } catch {
            throw APIError("threads_exhausted", .internal, "\(error). Try again.")
        }
    }
}
