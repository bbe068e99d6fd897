import OrcaSupport

/// Instructions for coding agents, in the open format of skills: what Orca is for and how to use it.
package struct Skill: Sendable, Hashable {
    /// Also the name of its directory.
    package let name: String
    /// Tells an agent when to read the rest; one line.
    package let description: String
    /// Markdown.
    package let body: String

    /// What the file `SKILL.md` says.
    package var document: String {
        let quoted = String(decoding: JSONValue.string(description).jsonBytes(), as: UTF8.self)
        return "---\nname: \(name)\ndescription: \(quoted)\n---\n\n\(body)\n"
    }

    /// The file itself: it ends with a line that tells whether anybody changed it since.
    var file: [UInt8] {
        let text = Array(document.utf8)
        return text + Self.seal(text)
    }

    private static func seal(_ text: [UInt8]) -> [UInt8] {
        Array("\n<!-- written by 'orca skills install'; \(SHA256.hex(text)) -->\n".utf8)
    }

    /// Whether these bytes are a skill that Orca wrote, in this version or another, and nobody changed.
    static func isSealed(_ bytes: [UInt8]) -> Bool {
        let length = seal([]).count
        guard bytes.count > length else { return false }
        let text = Array(bytes.dropLast(length))
        return bytes.suffix(length).elementsEqual(seal(text))
    }

    package static let all = [orchestration, cli, tasks]

    package static func require(_ name: String) throws(AgentError) -> Skill {
        if let found = all.first(where: { $0.name == name }) { return found }
        throw AgentError(
            .unknownSkill,
            "There is no skill '\(name.prefix(80))'. Give one of \(all.map(\.name).joined(separator: ", ")).")
    }
}
