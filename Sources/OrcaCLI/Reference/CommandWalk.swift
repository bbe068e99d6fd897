/// The command tree in the order of its pages.
package enum CommandWalk {
    /// Every command that is not hidden, each with the path to it, parents before children.
    package static func all(_ root: Command) -> [[Command]] {
        var found: [[Command]] = []
        func visit(_ path: [Command]) {
            found.append(path)
            for child in path[path.count - 1].children() where !child.isHidden { visit(path + [child]) }
        }
        visit([root])
        return found
    }
}
