/// One page of a list in key order.
package struct Page<Row> {
    package var rows: [Row]
    /// Where the next page begins; `nil` when there is none.
    package var next: String?

    package init(rows: [Row], next: String?) {
        self.rows = rows
        self.next = next
    }

    package func map<Other>(_ transform: (Row) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(rows: try rows.map(transform), next: next)
    }
}

/// What a list is asked for: at most `limit` rows after the key `after`.
package struct PageRequest: Sendable {
    package var limit: Int
    package var after: String?

    package init(limit: Int, after: String? = nil) {
        self.limit = limit
        self.after = after
    }
}
