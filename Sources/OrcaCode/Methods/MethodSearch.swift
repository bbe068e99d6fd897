import OrcaAPI
import OrcaProtobuf

extension Method {
    /// How it is called, in TypeScript.
    package var declaration: String {
        let fields = operation.requestType.protoFields.all.map { $0.jsonName + "?" }
        return "orca.\(name)({ \(fields.joined(separator: ", ")) }): Promise<\(answerName)>"
    }

    private var answerName: String {
        operation.responseType.protoMessageName.split(separator: ".").last.map(String.init) ?? "object"
    }
}

extension MethodBook {
    /// The methods of a noun, or all.
    package func help(_ noun: String) -> [Method] {
        noun.isEmpty ? methods : methods.filter { $0.noun == noun || $0.noun == noun + "s" || $0.name == noun }
    }

    /// Methods that have all the words in their name or summary, those with a match in the name first. All of them when
    /// there are no words.
    package func search(_ query: String) -> [Method] {
        let words = query.lowercased().split { !$0.isLetter && !$0.isNumber }
        guard !words.isEmpty else { return methods }
        let ranked = methods.compactMap { method -> (Method, Int)? in
            let name = method.name.lowercased()
            let text = name + " " + method.operation.summary.lowercased()
            guard words.allSatisfy({ text.contains($0) }) else { return nil }
            return (method, words.count { name.contains($0) })
        }
        return ranked.sorted { $0.1 > $1.1 }.map(\.0)
    }
}
