/// The names that may stand in a plan file.
enum PlanFields {
    static let plan = ["name", "tasks"]
    static let task = [
        "key", "title", "spec", "priority", "depends_on", "parent", "tags", "labels", "capabilities", "not_before",
        "retry",
        "contract", "context", "assignee",
    ]
    static let dependency = ["key", "policy"]
    static let retry = ["max_attempts", "backoff_initial_ms", "backoff_max_ms"]
    static let contract = ["command", "file"]
    static let policies = ["block", "cancel", "ignore"]
}
