import Glibc
import OrcaAPI
import OrcaDomain
import OrcaSupport

/// Ctrl-C and its kin as a signal to stop in order.
enum Interruption {
    /// Runs a body that ends soon after its `StopSignal` is raised. The first interrupt raises it; a second one ends the
    /// process.
    static func watching<R>(_ body: (StopSignal) throws(APIError) -> R) throws(APIError) -> R {
        let stop = StopSignal()
        let done = StopSignal()
        let watcher: ManagedThread
        do throws(SystemError) {
            let signals = try SignalPipe([SIGINT, SIGTERM, SIGHUP])
            watcher = try ManagedThread("interrupts") {
                while true {
                    let ready = Poll.readable([done.descriptor, signals.descriptor], until: .never)
                    if ready.contains(0) { return }
                    guard let signal = signals.next(until: .now) else { continue }
                    if stop.isRaised { _exit(128 + signal) }
                    stop.raise()
                }
            }
        } catch {
            throw APIError("threads_exhausted", .internal, "\(error.description). Try again.")
        }
        defer {
            done.raise()
            watcher.join()
        }
        return try body(stop)
    }
}
