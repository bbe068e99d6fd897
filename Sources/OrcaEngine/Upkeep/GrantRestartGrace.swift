import OrcaDomain
package import OrcaStore

/// After a restart of the server every lease gets one more time to live: nobody could renew while it was down.
/// Answers how many leases there are.
package enum GrantRestartGrace: Command {
    package static func run(_: Void, in tx: any StoreTransaction, _ context: CommandContext) throws -> Int {
        let count = try tx.extendAll(from: context.now)
        guard count > 0 else { return 0 }
        for workspace in try tx.workspaces.page(PageRequest(limit: Limits.pageRowsMax)).rows {
            try Ledger(tx, context).record(
                .leaseExtended, workspace: workspace.id, entity: workspace.id.text,
                ["reason": .text("server restart")])
        }
        return count
    }
}
