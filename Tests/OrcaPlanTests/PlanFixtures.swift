import OrcaAPI
import OrcaPlan
import Testing

/// Reads a text as a plan file of that name.
func read(_ text: String, _ fileName: String = "plan.yaml") throws -> OrcaV1.Plan {
    try PlanFile.read(Array(text.utf8), fileName: fileName)
}

/// The complaints about a text; records an issue when there are none.
func complaints(_ text: String, _ fileName: String = "plan.yaml") -> [String] { complaints(Array(text.utf8), fileName) }

func complaints(_ bytes: [UInt8], _ fileName: String = "plan.yaml") -> [String] {
    do throws(PlanError) {
        _ = try PlanFile.read(bytes, fileName: fileName)
        Issue.record("the plan was taken")
        return []
    } catch {
        return error.lines
    }
}
