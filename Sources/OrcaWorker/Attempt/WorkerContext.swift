package import OrcaGit
package import OrcaSupport

/// What all attempts of a pool share.
package struct WorkerContext: Sendable {
    package let options: WorkOptions
    package let client: PatientClient
    package let repository: GitRepository
    package let watcher: LossWatcher
    package let abandoned: AbandonedAttempts
    package let observer: WorkObserver
    /// Raised when the pool shall end: attempts are given back.
    package let stop: StopSignal

    package init(
        options: WorkOptions, client: PatientClient, repository: GitRepository, watcher: LossWatcher,
        abandoned: AbandonedAttempts, observer: @escaping WorkObserver, stop: StopSignal
    ) {
        self.options = options
        self.client = client
        self.repository = repository
        self.watcher = watcher
        self.abandoned = abandoned
        self.observer = observer
        self.stop = stop
    }
}
