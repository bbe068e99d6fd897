import OrcaAPI
extension HandlerTable {
    mutating func addRuns() {}
}
