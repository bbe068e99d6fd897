/// How far a message has come.
package enum MessageDelivery: String, Sendable, Hashable, CaseIterable {
    /// Stored, and nothing else.
    case queued
    /// Typed into the recipient's terminal, or being typed; not known to be taken.
    case injected
    /// The agent in the terminal took it as its input.
    case submitted
    /// A caller got it and wrote it out.
    case read
    /// The recipient said that it is done with it.
    case acknowledged

    /// What can happen to it.
    package enum Trigger: Sendable, Hashable, CaseIterable {
        case injected
        case submitted
        /// It is known not to have been typed.
        case requeued
        case read
        case acknowledged
    }

    /// Only forward, but for what is known not to have reached the terminal. Mail that was pushed can still be read;
    /// mail that was read is never pushed.
    package func on(_ trigger: Trigger) -> Transition<MessageDelivery> {
        switch self {
        case .queued:
            switch trigger {
            case .injected: .to(.injected)
            case .submitted: .rejected(why: "nobody has typed it")
            case .requeued: .unchanged
            case .read: .to(.read)
            case .acknowledged: .to(.acknowledged)
            }
        case .injected:
            switch trigger {
            case .injected: .rejected(why: "it was typed already, and is never typed twice")
            case .submitted: .to(.submitted)
            case .requeued: .to(.queued)
            case .read: .to(.read)
            case .acknowledged: .to(.acknowledged)
            }
        case .submitted:
            switch trigger {
            case .injected, .requeued: .rejected(why: "the agent has taken it")
            case .submitted: .unchanged
            case .read: .to(.read)
            case .acknowledged: .to(.acknowledged)
            }
        case .read:
            switch trigger {
            case .injected: .rejected(why: "it was read already")
            case .submitted, .requeued, .read: .unchanged
            case .acknowledged: .to(.acknowledged)
            }
        case .acknowledged:
            switch trigger {
            case .injected: .rejected(why: "it was read already")
            case .submitted, .requeued, .read, .acknowledged: .unchanged
            }
        }
    }
}
