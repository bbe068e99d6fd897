import OrcaAPI

/// Leases for people.
enum LeaseView {
    static func line(_ lease: OrcaV1.Lease?, _ call: Invocation) -> String {
        guard let lease else { return "" }
        if call.isQuiet { return lease.id + "\n" }
        let left = Clock.relative(lease.expiresAt, now: call.context.now())
        return "\(call.style.bold(lease.taskRef))  held by \(TextWidth.inert(lease.agent)), expires \(left)\n"
    }

    static func details(_ lease: OrcaV1.Lease?, _ call: Invocation) -> String {
        guard let lease else { return "" }
        if call.isQuiet { return lease.id + "\n" }
        let now = call.context.now()
        var details = Details()
        details.add("lease", lease.id, .strong)
        details.add("task", lease.taskRef)
        details.add("agent", lease.agent)
        details.add("attempt", lease.attempt)
        details.add("token", String(lease.token))
        details.add("state", lease.offered ? "offered, not accepted yet" : nil, .warning)
        details.add("renewed", Clock.full(lease.renewedAt, now: now))
        details.add("expires", Clock.full(lease.expiresAt, now: now))
        return details.text(style: call.style)
    }
}
