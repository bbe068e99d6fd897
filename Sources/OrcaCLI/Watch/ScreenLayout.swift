/// Puts tables with headings below each other until a screen is full.
struct ScreenLayout {
    let width: Int
    let style: Style

    /// A heading with its count, the rows, and an empty line.
    func block(_ heading: String, _ table: Table, _ count: Int) -> [String] {
        let heading = TextWidth.fit(heading, max(0, width - 6))
        if table.isEmpty { return [style.bold(heading) + style.dim("  none"), ""] }
        let rows = table.text(width: width, style: style, clips: true).split(separator: "\n").map(String.init)
        return [style.bold(heading) + style.dim("  \(count)")] + rows + [""]
    }

    /// Takes lines from the longest block until all fit.
    static func fit(_ blocks: [[String]], into room: Int) -> [String] {
        var sizes = blocks.map(\.count)
        while sizes.reduce(0, +) > room, let longest = sizes.indices.max(by: { sizes[$0] < sizes[$1] }),
            sizes[longest] > 0
        {
            sizes[longest] -= 1
        }
        return zip(blocks, sizes).flatMap { block, size in block.prefix(size) }
    }
}
