import OrcaSupport

/// How a session of an agent is started: what runs, with what environment, which files it needs, how it gets its prompt.
package struct AgentLaunch: Sendable, Hashable {
    /// The program and its arguments.
    package var arguments: [String]
    /// What is added to the terminal's environment.
    package var environment: [String: String]
    /// Files of ours that must be there before it starts; mode 0600.
    package var files: [LaunchFile]
    /// Text to type once it is up; `nil` when it has its prompt already, or gets none.
    package var typedPrompt: String?

    package struct LaunchFile: Sendable, Hashable {
        package let path: String
        package let bytes: [UInt8]
    }

    /// Writes the files.
    package func writeFiles() throws(AgentError) {
        for file in files {
            do throws(SystemError) {
                try Files.makeDirectories(Files.split(file.path).folder, mode: 0o700)
                try Files.write(file.bytes, to: file.path, mode: 0o600)
            } catch {
                throw ConfigFile.unusable(error)
            }
        }
    }
}

/// What a launch is made from.
package struct AgentLauncher: Sendable {
    /// Full path of `orca`; hooks run it.
    let program: String
    /// A directory of ours for the files of this one launch.
    let directory: String
    /// The environment the terminal will have.
    let environment: [String: String]

    /// One argument may have 128 KiB; a longer prompt is typed.
    package static let promptArgumentBytesMax = 96 << 10

    package init(program: String, directory: String, environment: [String: String]) {
        self.program = program
        self.directory = directory
        self.environment = environment
    }

    package func plan(_ agent: AgentProgram, prompt: String? = nil) -> AgentLaunch {
        var launch = AgentLaunch(arguments: agent.command, environment: agent.environment, files: [], typedPrompt: nil)
        addHooks(agent, &launch)
        guard let prompt, !prompt.isEmpty else { return launch }
        let isArgument = prompt.utf8.count <= Self.promptArgumentBytesMax && !prompt.utf8.contains(0)
        switch agent.prompt {
        case .argument where isArgument: launch.arguments.append(Self.argument(prompt))
        case .flag(let flag) where isArgument: launch.arguments += [flag, Self.argument(prompt)]
        case .argument, .flag, .typed: launch.typedPrompt = prompt
        }
        return launch
    }

    /// A prompt that begins with `-` would be taken for an option; a space in front changes nothing for the agent.
    private static func argument(_ prompt: String) -> String { prompt.hasPrefix("-") ? " " + prompt : prompt }

    private func addHooks(_ agent: AgentProgram, _ launch: inout AgentLaunch) {
        switch agent.launchHooks {
        case .none: break
        case .claudeSettings:
            guard let shape = HookShape.of(.claude) else { return }
            let path = directory + "/claude-settings.json"
            launch.files.append(
                AgentLaunch.LaunchFile(path: path, bytes: shape.document(program: program).jsonBytes() + [0x0A]))
            launch.arguments += ["--settings", path]
        case .codexNotify:
            if let value = codexNotify() { launch.arguments += ["-c", "notify=" + value] }
        case .openCodePlugin:
            let path = directory + "/orca.js"
            guard let config = openCodeConfig(plugin: path) else { return }
            launch.files.append(
                AgentLaunch.LaunchFile(path: path, bytes: Array(OpenCodePlugin.text(program: program).utf8)))
            launch.environment["OPENCODE_CONFIG_CONTENT"] = config
        }
    }

    /// Our relay, with the person's own program behind it; `nil` when that one cannot be read, and so is left in place.
    private func codexNotify() -> String? {
        let paths = HookPaths(environment: environment, project: "")
        // Without a home or a readable configuration there is no program to keep.
        let bytes = (try? ConfigFile(paths.codexConfig()).bytes) ?? nil
        var words = [program, "hook", "--agent", "codex", "--"]
        switch TOMLText(bytes ?? []).topLevelList("notify") {
        case .absent: break
        case .unreadable: return nil
        case .words(let own): words += own
        }
        return "[" + words.map(TOMLText.quoted).joined(separator: ",") + "]"
    }

    /// What is there already, with our plugin added; `nil` when what is there cannot be read.
    private func openCodeConfig(plugin path: String) -> String? {
        let own = environment["OPENCODE_CONFIG_CONTENT"] ?? ""
        let plugin = JSONValue.string("file://" + path)
        do {
            let text = try ConfigText(own.isEmpty ? ConfigText.empty : Array(own.utf8))
            guard text.root.members != nil else { return nil }
            if let list = text.root["plugin"] {
                guard list.elements != nil else { return nil }
                return String(decoding: try text.appending(plugin, to: list).bytes, as: UTF8.self)
            }
            return String(decoding: try text.adding("plugin", .array([plugin]), to: text.root).bytes, as: UTF8.self)
        } catch {
            return nil
        }
    }
}
