import OrcaSupport

/// Puts skills where an agent finds them, and takes them away again. What a person wrote or changed stays, unless it is
/// told to go; then it is kept and comes back with the removal.
package struct SkillInstaller: Sendable {
    package let agent: SkillAgent
    package let scope: SkillPlaces.Scope
    private let places: SkillPlaces
    private let shelf: ChangeRecord.Shelf

    /// - Parameter stateDirectory: of Orca; what files were before is kept below it.
    package init(_ agent: SkillAgent, _ scope: SkillPlaces.Scope, places: SkillPlaces, stateDirectory: String) {
        self.agent = agent
        self.scope = scope
        self.places = places
        shelf = ChangeRecord.Shelf(directory: stateDirectory + "/skills")
    }

    /// What stands in a skill's place.
    package enum State: String, Sendable, Hashable {
        case absent, installed
        /// Of another version of Orca.
        case outdated
        /// Somebody else's, or changed by somebody.
        case foreign
    }

    package struct Change: Sendable, Hashable {
        package let skill: String
        package let path: String
        package let before: State
        package let isChange: Bool
    }

    package func path(_ skill: Skill) throws(AgentError) -> String { try places.file(skill, agent, scope) }

    package func state(_ skill: Skill) throws(AgentError) -> State {
        Self.state(try ConfigFile(try path(skill)), skill)
    }

    /// A second time changes nothing.
    @discardableResult
    package func install(_ skill: Skill, force: Bool = false, dryRun: Bool = false) throws(AgentError) -> Change {
        let file = try ConfigFile(try path(skill))
        let state = Self.state(file, skill)
        let change = Change(skill: skill.name, path: file.path, before: state, isChange: state != .installed)
        switch state {
        case .installed: return change
        case .foreign where !force:
            throw foreign(
                file, "Move it away, or pass --force: then it is kept, and 'orca skills uninstall' brings it back.")
        case .absent, .outdated, .foreign: break
        }
        if dryRun { return change }
        let earlier = try shelf.find(file.path)
        let before = state == .foreign ? file.bytes : earlier?.before
        let made = try file.replace(with: skill.file)
        try shelf.keep(
            ChangeRecord(path: file.path, before: before, after: skill.file, folders: made + (earlier?.folders ?? [])))
        return change
    }

    /// What stood there before an installation comes back.
    @discardableResult
    package func uninstall(_ skill: Skill, force: Bool = false, dryRun: Bool = false) throws(AgentError) -> Change {
        let file = try ConfigFile(try path(skill))
        let state = Self.state(file, skill)
        let record = try shelf.find(file.path)
        let isOurs = state == .installed || state == .outdated || (state == .foreign && record != nil && force)
        let change = Change(skill: skill.name, path: file.path, before: state, isChange: isOurs)
        guard isOurs else {
            guard state == .foreign, record != nil else { return change }
            throw foreign(file, "It was changed since. Pass --force to remove it all the same.")
        }
        if dryRun { return change }
        if let before = record?.before {
            try file.replace(with: before)
        } else {
            try file.remove(record?.folders ?? [Files.split(file.path).folder])
        }
        shelf.forget(file.path)
        return change
    }

    private static func state(_ file: ConfigFile, _ skill: Skill) -> State {
        guard let bytes = file.bytes else { return .absent }
        if bytes == skill.file { return .installed }
        return Skill.isSealed(bytes) ? .outdated : .foreign
    }

    private func foreign(_ file: ConfigFile, _ advice: String) -> AgentError {
        AgentError(.foreignFile, "\(file.path) is not what Orca wrote; it is left alone. \(advice)")
    }
}
