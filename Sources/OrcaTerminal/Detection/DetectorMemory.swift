package import OrcaSupport

/// What a detector must not forget over a restart of the server; the rest shows on the screen again.
package struct DetectorMemory: Sendable, Hashable {
    package var state = TerminalState.starting
    package var epoch: Int64 = 0
    package var idleEpoch: Int64 = -1
    package var isTitleProven = false
    package var hasAgentEnded = false
    package var hasSeenProgram = false
    package var hook: AgentHookEvent?
    package var pasteMode: Bool?
    package var pasteCycles: Int64 = 0

    package init() {}

    package init(json: JSONValue?) {
        guard let json else { return }
        func number(_ name: String) -> Int64? { json[name]?.integerValue }
        func flag(_ name: String) -> Bool { json[name]?.boolValue ?? false }
        state = json["state"]?.stringValue.flatMap { TerminalState(rawValue: $0) } ?? .starting
        epoch = number("epoch") ?? 0
        idleEpoch = number("idle_epoch") ?? -1
        isTitleProven = flag("title_proven")
        hasAgentEnded = flag("agent_ended")
        hasSeenProgram = flag("seen_program")
        pasteMode = json["paste_mode"]?.boolValue
        pasteCycles = number("paste_cycles") ?? 0
        if let kind = json["hook"]?.stringValue.flatMap({ AgentHookEvent.Kind(rawValue: $0) }) {
            hook = AgentHookEvent(kind, detail: json["hook_detail"]?.stringValue ?? "")
        }
    }

    package var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("state", .string(state.rawValue)), .init("epoch", .integer(epoch)),
            .init("idle_epoch", .integer(idleEpoch)), .init("title_proven", .bool(isTitleProven)),
            .init("agent_ended", .bool(hasAgentEnded)), .init("seen_program", .bool(hasSeenProgram)),
            .init("paste_cycles", .integer(pasteCycles)),
        ]
        if let pasteMode { members.append(.init("paste_mode", .bool(pasteMode))) }
        if let hook {
            members.append(.init("hook", .string(hook.kind.rawValue)))
            members.append(.init("hook_detail", .string(hook.detail)))
        }
        return .object(members)
    }
}

extension StateDetector {
    package var memory: DetectorMemory {
        var memory = DetectorMemory()
        memory.state = verdict.state
        memory.epoch = epoch
        memory.idleEpoch = idleEpoch
        memory.isTitleProven = isTitleProven
        memory.hasAgentEnded = hasAgentEnded
        memory.hasSeenProgram = hasSeenProgram
        memory.hook = hook?.value
        memory.pasteMode = pasteMode?.value
        memory.pasteCycles = Int64(pasteCycles)
        return memory
    }

    /// Goes on where the last server stopped. What was idle is idle until something else shows; it is no start.
    package mutating func recall(_ memory: DetectorMemory, at now: Int64) {
        epoch = memory.epoch
        idleEpoch = memory.idleEpoch
        hasAgentEnded = memory.hasAgentEnded
        hasSeenProgram = memory.hasSeenProgram
        isTitleProven = memory.isTitleProven || isTitleProven
        if let event = memory.hook { hook = Dated(value: event, since: now, seen: now) }
        if let isOn = memory.pasteMode, pasteMode == nil { pasteMode = Dated(value: isOn, since: now, seen: now) }
        pasteCycles = max(pasteCycles, Int(memory.pasteCycles))
        if memory.state != .starting, memory.state != .exited {
            isBoot = false
            if firstOutput == nil { firstOutput = now }
            if lastOutput == nil { lastOutput = now }
            set(Verdict(memory.state, .none), at: now)
        }
    }

    /// Whether the program takes several lines as one paste.
    package var acceptsPaste: Bool { pasteMode?.value ?? false }

    package var hasReactedToInput: Bool { hasWorkedSinceInjection || hasLeftInput }
}
