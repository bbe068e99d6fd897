/// What a state machine answers to a trigger: there is no fourth answer.
package enum Transition<State: Sendable & Equatable>: Sendable, Equatable {
    /// Go to this state.
    case to(State)
    /// Nothing to do: the trigger is a duplicate of what already happened.
    case unchanged
    /// The trigger is stale or illegal in this state; `why` completes the sentence "cannot …: …".
    case rejected(why: String)
}
