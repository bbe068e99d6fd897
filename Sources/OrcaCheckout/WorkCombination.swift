import OrcaGit

/// Puts finished work on top of a base, one merge after the other, in git's object store only.
struct WorkCombination {
    let repository: GitRepository
    let base: ResolvedBase

    func adding(_ work: [FinishedWork]) throws(CheckoutError) -> ResolvedBase {
        guard var tip = ObjectID(base.commit) else {
            throw CheckoutError(.baseNotFound, "\"\(base.commit)\" is no commit. Give another base.")
        }
        var inside: [String] = []
        for piece in work {
            tip = try add(piece, to: tip, inside)
            inside.append(piece.name)
        }
        return ResolvedBase(name: base.name, commit: tip.text, warning: base.warning)
    }

    private func add(
        _ piece: FinishedWork, to tip: ObjectID, _ inside: [String]
    ) throws(CheckoutError) -> ObjectID {
        let found = try onGit { () throws(GitError) in try repository.commit(piece.tip) }
        guard let commit = found else {
            throw CheckoutError(
                .baseNotFound,
                "The work of \(piece.name) (\(piece.tip)) is not in \(repository.path). Fetch it, or have it done again."
            )
        }
        do throws(GitError) {
            return try repository.merged(tip, commit, message: "Merge \(piece.name)")
        } catch {
            guard error.code == .mergeConflict else { throw CheckoutError(error) }
            let others = inside.isEmpty ? base.name : inside.joined(separator: ", ")
            throw CheckoutError(
                .mergeConflict,
                "The work of \(piece.name) and \(others) does not fit together: conflict in "
                    + "\(error.files.prefix(10).joined(separator: ", ")). Merge \(piece.tip) by hand into \(base.name).",
                items: error.files)
        }
    }
}
