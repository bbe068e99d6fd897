/// One line of lanes: each cell knows which of its four sides a line leaves by.
struct GraphCanvas {
    struct Sides: OptionSet {
        let rawValue: UInt8
        static let up = Sides(rawValue: 1)
        static let down = Sides(rawValue: 2)
        static let left = Sides(rawValue: 4)
        static let right = Sides(rawValue: 8)
        static let through: Sides = [.up, .down]
    }

    private var cells: [Sides]

    /// Lanes that are in use run through.
    init(_ lanes: [Int?]) {
        cells = lanes.map { $0 == nil ? [] : .through }
    }

    /// Draws a line from one lane to another, which it enters from above or below.
    mutating func connect(_ from: Int, _ to: Int, entering side: Sides) {
        while cells.count <= max(from, to) { cells.append([]) }
        for column in min(from, to)...max(from, to) {
            if column > min(from, to) { cells[column].insert(.left) }
            if column < max(from, to) { cells[column].insert(.right) }
        }
        cells[to].insert(side)
    }

    mutating func insert(_ side: Sides, at column: Int) {
        while cells.count <= column { cells.append([]) }
        cells[column].insert(side)
    }

    mutating func remove(_ side: Sides, at column: Int) { cells[column].remove(side) }

    /// Two columns a lane; `mark` stands in the place of the cell at `column`.
    func text(mark: (column: Int, text: String)? = nil) -> String {
        var line = ""
        for (column, sides) in cells.enumerated() {
            line += mark?.column == column ? mark?.text ?? "" : Self.character(sides)
            let goesOn = sides.contains(.right) && column + 1 < cells.count
            line += goesOn ? "─" : " "
        }
        if mark == nil { while line.last == " " { line.removeLast() } }
        return line
    }

    private static func character(_ sides: Sides) -> String {
        switch (sides.contains(.up), sides.contains(.down), sides.contains(.left), sides.contains(.right)) {
        case (false, false, false, false): " "
        case (true, true, false, false), (true, false, false, false), (false, true, false, false): "│"
        case (false, false, true, true), (false, false, true, false), (false, false, false, true): "─"
        case (true, false, false, true): "╰"
        case (true, false, true, false): "╯"
        case (false, true, false, true): "╭"
        case (false, true, true, false): "╮"
        case (true, true, false, true): "├"
        case (true, true, true, false): "┤"
        case (false, true, true, true): "┬"
        case (true, false, true, true): "┴"
        case (true, true, true, true): "┼"
        }
    }
}
