package import OrcaAPI
import OrcaSupport

/// Every operation under the name that scripts call it by, and under the names that they might try.
package struct MethodBook: Sendable {
    /// In the order of the catalogue.
    package let methods: [Method]
    /// Those that read all pages of a list.
    package let lists: [Method]
    private let byName: [String: Method]

    package static let standard = MethodBook(Operations.all)

    /// Other words for verbs; the first that the noun has is taken.
    private static let synonyms: [String: [String]] = [
        "add": ["create", "register", "add", "open"], "new": ["create", "register", "open"],
        "make": ["create", "open"], "create": ["register", "add", "open", "start"], "show": ["get"], "read": ["get"],
        "find": ["get", "list"], "ls": ["list"], "all": ["listAll", "list"], "remove": ["delete", "removeDependency"],
        "rm": ["delete", "remove"], "destroy": ["delete"], "done": ["complete"], "finish": ["complete"],
        "progress": ["reportProgress"], "ready": ["listReady"], "graph": ["getGraph"], "depend": ["addDependency"],
        "dependOn": ["addDependency"], "link": ["addDependency"], "unlink": ["removeDependency"], "set": ["update"],
        "edit": ["update"], "renew": ["renew"], "answer": ["resolve", "reply"], "wait": ["wait", "await"],
        "info": ["getInfo"], "import": ["import"], "end": ["stop", "close"],
    ]

    package init(_ operations: [APIOperation]) {
        var methods: [Method] = []
        var lists: [Method] = []
        var byName: [String: Method] = [:]
        // A script that runs scripts would have their limits many times over.
        for operation in operations where operation.service != "ScriptService" {
            var method = Method(operation)
            if byName[method.name] != nil { method = method.spelledOut }
            byName[method.name] = method
            methods.append(method)
        }
        for method in methods {
            guard let whole = method.whole, byName[whole.name] == nil else { continue }
            byName[whole.name] = whole
            lists.append(whole)
        }
        self.methods = methods
        self.lists = lists
        self.byName = byName
    }

    package var nouns: [String] {
        var seen: Set<String> = []
        return methods.map(\.noun).filter { seen.insert($0).inserted }
    }

    package func methods(of noun: String) -> [Method] { methods.filter { $0.noun == noun } }

    /// The method of that name or of a name that means the same; otherwise an error that names the nearest.
    package func find(_ name: String) throws(ScriptError) -> Method {
        if let method = byName[name] { return method }
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw ScriptError(
                "unknown_method", "orca.\(name) is no method; methods have a noun and a verb",
                hint: "For example orca.tasks.list(). orca.help() names all.")
        }
        let noun = nouns.contains(parts[0]) ? parts[0] : nouns.first { $0 == parts[0] + "s" || $0 == parts[0] + "es" }
        guard let noun else {
            let near = Suggestion.nearest(to: parts[0], in: nouns)
            throw ScriptError(
                "unknown_method", "orca has no \(parts[0].prefix(60))",
                hint: near.map { "Did you mean orca.\($0)?" } ?? "It has: \(nouns.joined(separator: ", ")).")
        }
        if let method = byName[noun + "." + parts[1]] { return method }
        for verb in Self.synonyms[parts[1]] ?? [] {
            if let method = byName[noun + "." + verb] { return method }
        }
        let verbs = (methods(of: noun) + lists.filter { $0.noun == noun }).map(\.verb)
        let near = Suggestion.nearest(to: parts[1], in: verbs)
        throw ScriptError(
            "unknown_method", "orca.\(noun) has no method \(parts[1].prefix(60))",
            hint: near.map { "Did you mean orca.\(noun).\($0)()?" } ?? "It has: \(verbs.joined(separator: ", ")).")
    }
}
