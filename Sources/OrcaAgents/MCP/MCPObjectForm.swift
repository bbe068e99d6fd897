import OrcaSupport

/// An entry in an object of objects, in JSON with comments.
struct MCPObjectForm: MCPConfigForm {
    let agent: MCPAgent
    let scope: HookScope
    let command: [String]
    let environment: [String: String]
    let project: String
    let path: String

    func added(to bytes: [UInt8]?) throws(AgentError) -> [UInt8] {
        let start = bytes ?? ConfigText.empty
        let text = try read(start)
        if try found(in: start)?.isCurrent == true { return start }
        do {
            var text = try removing(from: text)
            let trail = trail(in: text)
            for depth in trail.indices {
                guard let parent = node(trail.prefix(depth), in: text) else { throw lost }
                if parent[trail[depth]] == nil { text = try text.adding(trail[depth], .object([]), to: parent) }
            }
            guard let servers = node(trail[...], in: text) else { throw lost }
            return try text.adding(MCPAgent.serverName, agent.entry(command, environment), to: servers).bytes
        } catch let error as AgentError {
            throw error
        } catch {
            throw malformed(path, "\(error)")
        }
    }

    func removed(from bytes: [UInt8]) throws(AgentError) -> [UInt8] {
        let text = try read(bytes)
        guard let found = try entry(in: text), agent.command(of: found.value) != nil else { return bytes }
        do {
            return try removing(from: text).bytes
        } catch let error as AgentError {
            throw error
        } catch {
            throw malformed(path, "\(error)")
        }
    }

    func found(in bytes: [UInt8]) throws(AgentError) -> (command: [String], isCurrent: Bool)? {
        guard let entry = try entry(in: try read(bytes))?.value else { return nil }
        guard let found = agent.command(of: entry) else { throw foreign(path) }
        return (found, found == command && agent.hasEnvironment(environment, in: entry))
    }

    func isEmpty(_ bytes: [UInt8]) -> Bool {
        // What cannot be read says something.
        (try? read(bytes))?.root.members?.isEmpty == true
    }

    // MARK: Reading

    private func read(_ bytes: [UInt8]) throws(AgentError) -> ConfigText {
        do {
            let text = try ConfigText(bytes.allSatisfy(ConfigSpace.isBlank) ? ConfigText.empty : bytes)
            guard text.root.members != nil else { throw malformed(path, "it holds no object") }
            return text
        } catch let error as AgentError {
            throw error
        } catch {
            throw malformed(path, "\(error)")
        }
    }

    private func trail(in text: ConfigText) -> [String] {
        // Only Codex has none.
        agent.trail(scope, project: project, in: text.root) ?? []
    }

    private func node(_ trail: ArraySlice<String>, in text: ConfigText) -> ConfigText.Node? {
        trail.reduce(text.root) { $0?[$1] }
    }

    private func entry(in text: ConfigText) throws(AgentError) -> ConfigText.Node? {
        let trail = trail(in: text)
        for depth in trail.indices {
            guard let node = node(trail[...depth], in: text) else { return nil }
            guard node.members != nil else {
                throw malformed(path, "\"\(trail[...depth].joined(separator: "."))\" is no object")
            }
        }
        return node(trail[...], in: text)?[MCPAgent.serverName]
    }

    private var lost: AgentError { malformed(path, "what was added to it is not there") }

    // MARK: Writing

    /// Without our entry, and without the objects that are empty for that reason.
    private func removing(from start: ConfigText) throws -> ConfigText {
        guard try entry(in: start) != nil else { return start }
        var text = start
        var trail = trail(in: start) + [MCPAgent.serverName]
        while let last = trail.popLast() {
            guard let parent = node(trail[...], in: text), let members = parent.members,
                let index = members.firstIndex(where: { $0.name == last })
            else { return text }
            // What was there besides us stays, and so does a project that Claude keeps other things about.
            guard last == MCPAgent.serverName || members[index].value.members?.isEmpty == true else { return text }
            text = try text.removing(part: index, of: parent)
        }
        return text
    }
}
