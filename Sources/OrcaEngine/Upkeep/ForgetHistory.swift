import OrcaDomain
package import OrcaStore

/// Bounds what grows for ever: events beyond the retention, replies older than a day, mail that was read a month ago.
/// Answers how many rows went.
package enum ForgetHistory: Command {
    package struct Input: Sendable {
        /// How many events a workspace keeps.
        package var eventsKept: Int64
        /// How long replies to idempotent writes are kept; at least a day.
        package var repliesKeptMS: Int64
        /// How long mail is kept after it was read.
        package var mailKeptMS: Int64 = 30 * 86_400_000
        package var rowsMax: Int

        package init(eventsKept: Int64, repliesKeptMS: Int64 = 86_400_000, rowsMax: Int = 2_000) {
            self.eventsKept = eventsKept
            self.repliesKeptMS = repliesKeptMS
            self.rowsMax = rowsMax
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Int {
        let cutoff = context.now.adding(milliseconds: -input.repliesKeptMS)
        var gone = try tx.forgetReplies(before: cutoff, limit: input.rowsMax)
        gone += try tx.forgetMessages(
            readBefore: context.now.adding(milliseconds: -input.mailKeptMS), limit: input.rowsMax)
        for workspace in try tx.workspaces.page(PageRequest(limit: Limits.pageRowsMax)).rows {
            gone += try tx.compactEvents(in: workspace.id, keeping: input.eventsKept, limit: input.rowsMax)
        }
        return gone
    }
}
