import OrcaStore

/// Every row, however many pages that takes: a check of a part would find what is not wrong, and not what is.
enum AllRows {
    private static let pageRows = 10_000

    static func of<Row>(_ page: (PageRequest) throws -> Page<Row>) rethrows -> [Row] {
        var rows: [Row] = []
        var next: String?
        repeat {
            let found = try page(PageRequest(limit: pageRows, after: next))
            rows += found.rows
            next = found.next
        } while next != nil
        return rows
    }
}
