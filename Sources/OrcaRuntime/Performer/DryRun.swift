import OrcaAPI

/// Thrown out of a transaction to have it undone while its answer is kept.
struct DryRun: Error {
    let response: OrcaV1.ImportPlanResponse
}
