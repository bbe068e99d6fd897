import OrcaSupport

/// Puts our entries into a configuration that has others, and takes them out again.
struct HookMerge {
    let shape: HookShape
    let program: String
    /// For messages.
    let path: String

    /// The text with exactly our entries, and everything else as it is. Nothing is changed when they are there already.
    func added(to bytes: [UInt8]) throws(AgentError) -> [UInt8] {
        let text = try read(bytes)
        if isComplete(text) { return bytes }
        do {
            return try add(to: removed(from: text)).bytes
        } catch let error as AgentError {
            throw error
        } catch {
            throw malformed("\(error)")
        }
    }

    /// The text without our entries, and without the lists that are empty for that reason.
    func removed(from bytes: [UInt8]) throws(AgentError) -> [UInt8] {
        let text = try read(bytes)
        do {
            return try removed(from: text).bytes
        } catch let error as AgentError {
            throw error
        } catch {
            throw malformed("\(error)")
        }
    }

    /// How many of our entries are there, and whether they are all as this version writes them.
    func look(at bytes: [UInt8]) throws(AgentError) -> (entries: Int, isComplete: Bool) {
        let text = try read(bytes)
        let count = try events(of: text).reduce(0) { $0 + ours(in: $1.value).count }
        return (count, isComplete(text))
    }

    /// Places of our entries: the name of the event, its position in the list and in its group.
    func places(in bytes: [UInt8]) throws(AgentError) -> [(event: String, group: Int, handler: Int)] {
        try events(of: try read(bytes)).flatMap { event in
            ours(in: event.value).map { (event.name, $0.group, $0.handler ?? 0) }
        }
    }

    // MARK: Reading

    private func read(_ bytes: [UInt8]) throws(AgentError) -> ConfigText {
        let isBlank = bytes.allSatisfy(ConfigSpace.isBlank)
        do {
            let text = try ConfigText(isBlank ? ConfigText.empty : bytes)
            guard text.root.members != nil else { throw malformed("it holds no object") }
            _ = try events(of: text)
            return text
        } catch let error as AgentError {
            throw error
        } catch {
            throw malformed("\(error)")
        }
    }

    private func events(of text: ConfigText) throws(AgentError) -> [ConfigText.Member] {
        guard let hooks = text.root["hooks"] else { return [] }
        guard let events = hooks.members else { throw malformed("\"hooks\" is no object") }
        for event in events where event.value.elements == nil && shape.events.contains(where: { $0.name == event.name })
        {
            throw malformed("\"hooks.\(event.name)\" is no list")
        }
        return events
    }

    private func isComplete(_ text: ConfigText) -> Bool {
        // It was read without an error before.
        let events = (try? events(of: text)) ?? []
        var wanted = shape.events
        for event in events {
            let found = ours(in: event.value)
            if found.isEmpty { continue }
            guard found.count == 1, let position = wanted.firstIndex(where: { $0.name == event.name }),
                event.value.elements?[found[0].group].value == shape.wanted(wanted[position], program: program)
            else { return false }
            wanted.remove(at: position)
        }
        return wanted.isEmpty
    }

    /// Our entries in the list of an event: whole groups, or single handlers in groups of others.
    private func ours(in list: ConfigText.Node) -> [(group: Int, handler: Int?)] {
        var found: [(group: Int, handler: Int?)] = []
        for (index, element) in (list.elements ?? []).enumerated() {
            if isOurs(element) {
                found.append((index, nil))
            } else if let handlers = element["hooks"]?.elements {
                let mine = handlers.indices.filter { isOurs(handlers[$0]) }
                if !mine.isEmpty, mine.count == handlers.count {
                    found.append((index, nil))
                } else {
                    found += mine.map { (index, $0) }
                }
            }
        }
        return found
    }

    private func isOurs(_ handler: ConfigText.Node) -> Bool {
        guard let line = handler["command"]?.string ?? handler["bash"]?.string else { return false }
        return HookCommand.isOurs(line, agent: shape.agent)
    }

    // MARK: Writing

    private func add(to start: ConfigText) throws -> ConfigText {
        var text = start
        for member in shape.header where text.root[member.name] == nil {
            text = try text.adding(member.name, member.value, to: text.root)
        }
        if text.root["hooks"] == nil { text = try text.adding("hooks", .object([]), to: text.root) }
        for event in shape.events {
            guard let hooks = text.root["hooks"] else { throw malformed("\"hooks\" is gone") }
            let entry = shape.wanted(event, program: program)
            if let list = hooks[event.name] {
                text = try text.appending(entry, to: list)
            } else {
                text = try text.adding(event.name, .array([entry]), to: hooks)
            }
        }
        return text
    }

    private func removed(from start: ConfigText) throws -> ConfigText {
        var text = start
        while let step = try removeOne(from: text) { text = step }
        return text
    }

    /// One step; `nil` when none of ours is left.
    private func removeOne(from text: ConfigText) throws -> ConfigText? {
        guard let hooks = text.root["hooks"], let members = hooks.members else { return nil }
        for (position, event) in members.enumerated() {
            guard let place = ours(in: event.value).last, let elements = event.value.elements else { continue }
            if let handler = place.handler, let handlers = elements[place.group]["hooks"] {
                return try text.removing(part: handler, of: handlers)
            }
            if elements.count > 1 { return try text.removing(part: place.group, of: event.value) }
            if members.count > 1 { return try text.removing(part: position, of: hooks) }
            guard let index = text.root.members?.firstIndex(where: { $0.name == "hooks" }) else { return nil }
            return try text.removing(part: index, of: text.root)
        }
        return nil
    }

    private func malformed(_ why: String) -> AgentError {
        AgentError(
            .malformedFile,
            "\(path) is not a configuration that can be changed safely: \(why). Mend it, then try again.")
    }
}
