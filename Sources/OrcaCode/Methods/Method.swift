package import OrcaAPI
import OrcaProtobuf

/// One operation as scripts call it: `orca.tasks.claim({…})`.
package struct Method: Sendable, Hashable {
    package let noun: String
    package let verb: String
    package let operation: APIOperation
    /// The field that a value without a name is for: `orca.tasks.get("API-1")`; `nil` when there is none.
    package let mainField: String?
    /// Whether it reads all pages of a list and answers with the rows.
    package let isWhole: Bool

    package var name: String { noun + "." + verb }
    /// Whether it changes something.
    package var hasEffect: Bool { !operation.isRead }
}

extension Method {
    /// Words that a name may have for what it is about. The first that occurs behind the verb is the noun.
    private static let nouns: [(word: String, noun: String)] = [
        ("Task", "tasks"), ("Agent", "agents"), ("Attempt", "attempts"), ("Repo", "repos"), ("Worktree", "worktrees"),
        ("Dispatch", "dispatches"), ("Event", "events"), ("Gate", "gates"), ("Lease", "leases"),
        ("Message", "messages"), ("Question", "questions"), ("Plan", "plans"), ("Project", "projects"),
        ("Run", "runs"), ("Token", "tokens"), ("Server", "server"), ("Terminal", "terminals"),
        ("Workspace", "workspaces"),
    ]
    private static let nounOfService: [String: String] = ["CheckoutService": "repos"]
    /// What a nameless value most likely is where no path names a field, best first.
    private static let likelyFields = [
        "title", "key", "question", "name", "path", "spec", "goal", "command", "body", "text", "query",
    ]

    /// `SetRepoBaseRef` → `repos.setBaseRef`
    init(_ operation: APIOperation) {
        var words = Self.words(operation.name)
        var noun = Self.nounOfService[operation.service] ?? Self.noun(ofService: operation.service)
        for index in words.indices.dropFirst() {
            guard let found = Self.nouns.first(where: { words[index] == $0.word || words[index] == plural($0.word) })
            else { continue }
            noun = found.noun
            words.remove(at: index)
            break
        }
        self.noun = noun
        verb = words[0].lowercased() + words.dropFirst().joined()
        self.operation = operation
        let fields = operation.requestType.protoFields.all.map(\.name)
        let inPath = operation.routes.first?.pathFields.last { $0 != "workspace" }
        mainField = inPath ?? Self.likelyFields.first { fields.contains($0) }
        isWhole = false
    }

    private init(_ method: Method, verb: String, isWhole: Bool = false) {
        (noun, self.verb, operation, mainField) = (method.noun, verb, method.operation, method.mainField)
        self.isWhole = isWhole
    }

    /// The same under its full name, for one whose short name is taken: `tasks.claimTasks`.
    var spelledOut: Method {
        Method(self, verb: operation.name.prefix(1).lowercased() + operation.name.dropFirst())
    }

    /// `tasks.list` → `tasks.listAll`, for a list that comes in pages.
    var whole: Method? {
        let asked = operation.requestType.protoFields, answered = operation.responseType.protoFields
        guard operation.isRead, !operation.serverStreaming, asked.number(of: "cursor") != nil,
            answered.number(of: "next_cursor") != nil, answered.all.count == 2
        else { return nil }
        return Method(self, verb: verb + "All", isWhole: true)
    }

    private static func noun(ofService service: String) -> String {
        let word = service.hasSuffix("Service") ? String(service.dropLast("Service".count)) : service
        return nouns.first { $0.word == word }?.noun ?? word.lowercased()
    }

    private static func words(_ name: String) -> [String] {
        var words: [String] = []
        for letter in name {
            if letter.isUppercase || words.isEmpty { words.append("") }
            words[words.count - 1].append(letter)
        }
        return words
    }
}

private func plural(_ word: String) -> String {
    word.hasSuffix("ch") ? word + "es" : word + "s"
}
