import OrcaAPI

extension MethodBook {
    /// The whole API for a model, in no more than so many tokens: what scripts are with two examples (complete within the
    /// first 2,000 characters, where some clients cut), then every method, the likely ones with the most detail.
    package func declarationsForModels(tokenBudget: Int = 2_500) -> String {
        manualForModels(tokenBudget: tokenBudget).text
    }

    package func manualForModels(tokenBudget: Int) -> ModelManual {
        ModelDeclarations(book: self, charactersMax: tokenBudget * ModelDeclarations.charactersPerTenTokens / 10).manual
    }
}

/// What a model is told. Clients keep descriptions of different lengths, so it comes in two parts.
package struct ModelManual: Sendable, Hashable {
    /// What scripts are, with examples; complete in itself.
    package let introduction: String
    /// Every method, and the types that most of them answer.
    package let declarations: String

    package var text: String { introduction + "\n" + declarations }
}

/// Chooses how much is told about what.
struct ModelDeclarations {
    /// Measured on text like this.
    static let charactersPerTenTokens = 36
    static let introductionMax = 2_000

    private enum Detail: Int {
        /// `create`
        case name
        /// `create({title, …}): Task`
        case required
        /// `create({title, body?}): Task`
        case fields
        /// `create({title, priority?: number}): Task`
        case types
    }

    /// What most scripts are about, first.
    private static let likelyNouns = [
        "tasks", "projects", "agents", "gates", "questions", "messages", "attempts", "plans", "runs", "worktrees",
        "events",
    ]
    private static let likelyTypes = ["Task", "Attempt", "Gate", "Agent", "Message", "Run", "Project"]

    let book: MethodBook
    let charactersMax: Int
    private var details: [String: Detail] = [:]
    private var types: [String] = []

    init(book: MethodBook, charactersMax: Int) {
        self.book = book
        self.charactersMax = charactersMax
        let likely = Self.likelyNouns.filter(book.nouns.contains)
        let others = book.nouns.filter { !likely.contains($0) }
        raise(["tasks"], to: .fields)
        raise(likely + others, to: .required)
        for type in Self.likelyTypes.prefix(1) { add(type) }
        raise(likely, to: .fields)
        raise(["tasks"], to: .types)
        for type in Self.likelyTypes.dropFirst() { add(type) }
        raise(others, to: .fields)
        raise(likely + others, to: .types)
    }

    private var text: String { manual.text }

    var manual: ModelManual {
        let methods = book.nouns.map { noun in
            "\(noun): " + book.methods(of: noun).map { line($0, details[noun] ?? .name) }.joined(separator: "; ")
        }
        let known = types.map { "\($0): {\(Self.typeLine($0))}" }
        let lines = [Self.legend] + methods + (known.isEmpty ? [] : ["Types:"] + known)
        return ModelManual(introduction: introduction, declarations: lines.joined(separator: "\n"))
    }

    /// Each that fits.
    private mutating func raise(_ nouns: [String], to detail: Detail) {
        for noun in nouns where (details[noun] ?? .name).rawValue < detail.rawValue {
            let before = details[noun]
            details[noun] = detail
            if text.count > charactersMax { details[noun] = before }
        }
    }

    private mutating func add(_ type: String) {
        guard TypeBook.standard.body(type) != nil else { return }
        types.append(type)
        if text.count > charactersMax { types.removeLast() }
    }

    // MARK: Lines

    private func line(_ method: Method, _ detail: Detail) -> String {
        let isPaged = book.lists.contains { $0.operation == method.operation }
        let verb = method.verb + (isPaged ? "*" : "")
        guard detail != .name else { return verb }
        let fields = method.argumentFields.filter { field in
            field.name != "workspace" && !(isPaged && ["limit", "cursor"].contains(field.name))
        }
        let shown = detail == .required ? fields.filter { !$0.mayBeMissing } : fields
        var names = shown.map { Self.field($0, withType: detail == .types) }
        if shown.count < fields.count { names.append("…") }
        let arguments = names.isEmpty ? "" : "{\(names.joined(separator: ", "))}"
        return "\(verb)(\(arguments))\(answer(method, isPaged))"
    }

    private func answer(_ method: Method, _ isPaged: Bool) -> String {
        let type = method.answerType
        if type == "{}" { return "" }
        guard type.hasPrefix("{") else { return ": \(type)" }
        let fields = TypeBook.standard.fields(TypeBook.name(of: method.operation.responseType))
        let names = fields.filter { !(isPaged && $0.name == "nextCursor") }.map(\.name)
        return ": {\(names.joined(separator: ", "))}"
    }

    private static func field(_ field: TypeBook.Field, withType: Bool) -> String {
        let name = field.name + (field.mayBeMissing ? "?" : "")
        guard withType, field.type != "string" else { return name }
        let type = TypeBook.standard.spelledOut(field.type)
        return "\(name): " + type.replacing(" | ", with: "|").replacing("\"unspecified\"|", with: "")
    }

    private static func typeLine(_ name: String) -> String {
        TypeBook.standard.fields(name).map { field in
            self.field(.init(name: field.name, type: field.type, mayBeMissing: false), withType: field.name == "status")
        }.joined(separator: ", ")
    }

    private var introduction: String {
        """
        Run one JavaScript (TypeScript types are erased) script against the global `orca`, instead of many calls. Top-level \
        await works; the last expression, or what is returned, is the answer, as JSON. No files, network, imports or timers but \
        `await sleep(ms)`. Filter inside the script: answers over 48,000 characters are cut.
        Every call is `await orca.<noun>.<verb>({…})`, and refusals are exceptions with .code and .hint. \
        `await orca.transaction(async () => {…})` does all of its writes or none. A single main \
        value may stand first: orca.tasks.get("API-1"), orca.tasks.update("API-1", {title: "New"}). Lists marked * come in pages \
        (limit?, cursor? → nextCursor); list → listAll({…}) gives all rows as an array, up to \(ScriptLimits.rowsMax). \
        `workspace` is filled in. `orca.user.ask({question, options?, task?})` asks the user: {answered, answer?, reason?}. Limits: \(ScriptLimits.timeoutMSMax / 1000) s, \(ScriptLimits.callsMax) calls, \
        \(ScriptLimits.callsAtOnceMax) at once.
        Example: create two tasks, the second after the first.
        const a = await orca.tasks.create({ project: "WEB", title: "API" });
        const b = await orca.tasks.create({ project: "WEB", title: "Docs" });
        await orca.tasks.addDependency({ task: b.ref, dependsOn: a.ref });
        [a.ref, b.ref]
        Example: what failed, grouped.
        const failed = await orca.tasks.listAll({ project: "WEB", status: ["failed"] });
        Object.groupBy(failed.map(({ ref, title, labels }) => ({ ref, title, label: labels[0] })), (t) => t.label)
        More: await orca.help("tasks") gives a noun's exact TypeScript types, await orca.search("claim") finds methods.
        Nouns: \(book.nouns.joined(separator: ", ")).
        """
    }

    private static let legend = "Methods (? optional, … more optional fields, no type = string):"
}
