import OrcaGit

/// Names of worktrees: parts of a path and of a branch's name.
package enum WorktreeName {
    package static let bytesMax = 80

    /// The name as it may stand in a path and a branch: letters and digits of any script, `.`, `_` and `-`; everything
    /// else becomes `-`. Throws when nothing of it is left.
    package static func sanitised(_ name: String) throws(CheckoutError) -> String {
        var clean = ""
        for scalar in name.unicodeScalars {
            let isKept = BranchName.isWord(scalar) || scalar == "." || scalar == "_" || scalar == "-"
            let next: Unicode.Scalar = isKept ? scalar : "-"
            if next == "-" || next == ".", clean.unicodeScalars.last == next { continue }
            if clean.utf8.count + String(next).utf8.count > bytesMax { break }
            clean.unicodeScalars.append(next)
        }
        while let last = clean.last, "-._".contains(last) { clean.removeLast() }
        while let first = clean.unicodeScalars.first, !BranchName.isWord(first) || first.properties.isMark {
            clean.unicodeScalars.removeFirst()
        }
        if clean.lowercased().hasSuffix(".lock") { clean.removeLast(".lock".count) }
        guard !clean.isEmpty, clean.uppercased() != "HEAD", BranchName.isValid(clean) else {
            throw CheckoutError(
                .invalidName,
                "Invalid worktree name: \"\(name)\" has no letter or digit that a branch could be named by.")
        }
        return clean
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isMark: Bool { generalCategory == .nonspacingMark || generalCategory == .spacingMark }
}
