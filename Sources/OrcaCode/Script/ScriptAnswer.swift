/// What the user said to a question of a script.
package struct ScriptAnswer: Sendable, Hashable {
    package enum Action: String, Sendable, Hashable {
        case accept = "answered"
        case decline = "declined"
        case cancel = "canceled"
    }

    /// The question that it answers.
    package var question: String
    package var action: Action
    /// Empty when it was not accepted.
    package var text: String

    package init(question: String, action: Action, text: String) {
        self.question = question
        self.action = action
        self.text = text
    }
}
