/// One thing `orca doctor` looked at.
struct DoctorCheck {
    enum Verdict: String { case ok, warning, problem }

    var name: String
    var verdict: Verdict
    var detail: String
    /// What to do about it.
    var next = ""
}
