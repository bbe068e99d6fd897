import OrcaSupport

/// What Codex keeps about the hooks a person trusts: a table for each one in its configuration, with a hash of the
/// definition. A hook without one is skipped.
package struct CodexTrust {
    let installer: HookInstaller

    package init(installer: HookInstaller) {
        self.installer = installer
    }

    /// One of our hooks in Codex's file.
    struct Hook: Hashable {
        /// `<file>:<event>:<group>:<handler>`
        let key: String
        let hash: String
    }

    func state(_ file: ConfigFile) throws(AgentError) -> HookStatus.Trust {
        let config = TOMLText(try ConfigFile(try installer.paths.codexConfig()).bytes ?? [])
        let hooks = try hooks(in: file)
        let states = hooks.map { hook in
            config.value("trusted_hash", inTable: Self.table(hook.key)).map { $0 == hook.hash }
        }
        if states.allSatisfy({ $0 == true }) { return .trusted }
        return states.contains { $0 == false } ? .modified : .untrusted
    }

    /// Records that the person trusts our hooks as they stand in the file now, and no others.
    @discardableResult
    package func grant(dryRun: Bool) throws(AgentError) -> HookInstaller.Change {
        let hooks = try hooks(in: try ConfigFile(try installer.paths.file(.codex, installer.scope)))
        let file = try ConfigFile(try installer.paths.codexConfig())
        var config = TOMLText(file.bytes ?? [])
        guard !config.hasInlineTable("hooks") else {
            throw AgentError(
                .malformedFile,
                "\(file.path) has its hooks in one line, which cannot be changed safely. Trust the hooks in Codex: /hooks."
            )
        }
        for hook in hooks { config.set("trusted_hash", to: hook.hash, inTable: Self.table(hook.key)) }
        let change = HookInstaller.Change(path: file.path, before: file.bytes, after: config.bytes)
        if !dryRun, change.isChange {
            let earlier = try installer.shelf.find(file.path)
            let before = earlier.map { $0.after == file.bytes ? $0.before : file.bytes } ?? file.bytes
            let made = try file.replace(with: config.bytes)
            try installer.shelf.keep(
                ChangeRecord(
                    path: file.path, before: before, after: config.bytes, folders: made + (earlier?.folders ?? [])))
        }
        return change
    }

    /// Takes back what `grant` recorded; to be called while the hooks are still there.
    func revoke() throws(AgentError) {
        let file = try ConfigFile(try installer.paths.codexConfig())
        guard let bytes = file.bytes else { return }
        let record = try installer.shelf.find(file.path)
        if let record, record.after == bytes {
            if let before = record.before { try file.replace(with: before) } else { try file.remove(record.folders) }
        } else {
            var config = TOMLText(bytes)
            for hook in try hooks(in: try ConfigFile(try installer.paths.file(.codex, installer.scope))) {
                config.remove(table: Self.table(hook.key))
            }
            if config.bytes != bytes { try file.replace(with: config.bytes) }
        }
        installer.shelf.forget(file.path)
    }

    private func hooks(in file: ConfigFile) throws(AgentError) -> [Hook] {
        guard let shape = HookShape.of(.codex), let bytes = file.bytes else { return [] }
        let merge = HookMerge(shape: shape, program: installer.program, path: file.path)
        return try merge.places(in: bytes).compactMap { place in
            guard let event = shape.events.first(where: { $0.name == place.event }) else { return nil }
            let name = Self.snake(event.name)
            return Hook(
                key: "\(file.path):\(name):\(place.group):\(place.handler)",
                hash: Self.hash(
                    event: name, timeout: event.timeout,
                    command: HookCommand.line(agent: .codex, event: event.name, program: installer.program)))
        }
    }

    /// Of the definition as Codex normalises it: compact JSON with sorted keys, defaults filled in.
    static func hash(event: String, timeout: Int64, command: String) -> String {
        let definition = JSONValue.object([
            JSONValue.Member("event_name", .string(event)),
            JSONValue.Member(
                "hooks",
                .array([
                    .object([
                        JSONValue.Member("async", .bool(false)), JSONValue.Member("command", .string(command)),
                        JSONValue.Member("timeout", .integer(timeout)), JSONValue.Member("type", .string("command")),
                    ])
                ])),
        ])
        return "sha256:" + SHA256.hex(definition.jsonBytes())
    }

    static func snake(_ name: String) -> String {
        name.reduce(into: "") { text, character in
            if character.isUppercase, !text.isEmpty { text += "_" }
            text += character.lowercased()
        }
    }

    private static func table(_ key: String) -> String { "hooks.state." + TOMLText.quoted(key) }
}
