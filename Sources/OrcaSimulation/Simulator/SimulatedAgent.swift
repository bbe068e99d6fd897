import OrcaDomain

/// A worker with human failings: it is slow, forgets to renew, dies, and sometimes comes back from the dead and goes on
/// as if nothing had happened.
struct SimulatedAgent {
    struct Work {
        var ref: String
        var token: Int64
        var doneAt: Timestamp
        var renewAt: Timestamp
        /// Its token was refused; it may still try once more, as stubborn workers do.
        var isLost = false
    }

    let name: String
    let ttlMS: Int64
    var work: Work?
    /// It does nothing before this.
    var asleepUntil: Timestamp
    /// The request whose answer it waits for, to be sent again with the same key.
    var outstanding: SimulatedRequest?
}
