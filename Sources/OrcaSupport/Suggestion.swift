/// "Did you mean": the candidates nearest to a mistyped word.
package enum Suggestion {
    /// The best candidate, or `nil` when none is near. Ties go to the candidate that comes first.
    ///
    /// Near means: at most one edit for words up to four characters, two up to eight, three above; or the
    /// word is an unfinished beginning (at least two characters) of exactly one candidate.
    package static func nearest(to word: String, in candidates: [String]) -> String? {
        let typed = word.lowercased()
        let beginning = candidates.filter { typed.utf8.count >= 2 && $0.lowercased().hasPrefix(typed) }
        if beginning.count == 1 { return beginning[0] }
        let length = typed.unicodeScalars.count
        let limit = length <= 4 ? 1 : length <= 8 ? 2 : 3
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let distance = editDistance(typed, candidate.lowercased())
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.candidate
    }

    /// The Damerau–Levenshtein distance in its restricted form (optimal string alignment): insertions,
    /// deletions, substitutions and swaps of neighbours count one each.
    ///
    /// Inputs are cut to 256 scalars, so that a hostile word costs nothing.
    package static func editDistance(_ left: String, _ right: String) -> Int {
        let a = Array(left.unicodeScalars.prefix(256))
        let b = Array(right.unicodeScalars.prefix(256))
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        var row = last
        for i in 1...a.count {
            row[0] = i
            for j in 1...b.count {
                let substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                row[j] = min(last[j] + 1, row[j - 1] + 1, substitution)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    row[j] = min(row[j], beforeLast[j - 2] + 1)
                }
            }
            (beforeLast, last, row) = (last, row, beforeLast)
        }
        return last[b.count]
    }
}
