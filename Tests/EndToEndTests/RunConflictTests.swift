import OrcaSupport
import OrcaTestKit
import Testing

/// `orca run` with a conflict that a worker resolves in a second round.
@Suite struct RunConflictTests {
    private let script = """
        case $ORCA_TASK_TITLE in
            Merge*)
                for branch in $(git for-each-ref --format='%(refname:short)' 'refs/heads/orca/'); do
                    git merge --quiet --no-edit -X ours "$branch" > merge.log 2>&1 || { git merge --abort; }
                done
                rm -f merge.log ;;
            *) echo "$ORCA_TASK_TITLE" > a.txt ;;
        esac
        """

    @Test(.timeLimit(.minutes(2))) func theFinalTableTellsOfBothRounds() throws {
        let place = try Installation()
        try place.makeRepository()
        let plan = try place.folder.file(
            "plan.yaml", "name: torn\ntasks:\n  - {key: a, title: Left}\n  - {key: b, title: Right}\n")
        let work = try place.folder.file("work.sh", script)
        let run = ["run", plan, "--repo", place.repository, "--agents", "2", "--conflict-tasks", "--", "/bin/sh", work]
        let first = try place.answer(run)
        #expect(first.code == 0, "\(first.outputText)\(first.errorText)")
        let rows = first.outputText.split(separator: "\n").filter { $0.hasPrefix("TORN-") }
        #expect(rows.count == 3, "\(first.outputText)")
        #expect(!first.outputText.contains("merged before"), "\(first.outputText)")
        #expect(rows.allSatisfy { $0.contains("completed, merged") }, "\(first.outputText)")

        let again = try place.answer(run)
        #expect(again.code == 0 && again.outputText.contains("merged before"), "\(again.outputText)\(again.errorText)")
        #expect(try place.orca("attempt", "list", "--quiet").split(separator: "\n").count == 3)
    }
}
