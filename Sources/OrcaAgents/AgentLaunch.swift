import OrcaSupport

/// What one session of an agent gets so that it reports to Orca without its person's files being touched.
package struct LaunchHooks: Sendable, Hashable {
    /// Stand right behind the program.
    package var arguments: [String] = []
    /// Added to the terminal's environment.
    package var environment: [String: String] = [:]
    /// Files of ours that must be there before it starts; mode 0600.
    package var files: [LaunchFile] = []

    package struct LaunchFile: Sendable, Hashable {
        package let path: String
        package let bytes: [UInt8]
    }

    /// A command line with this in it brings its own, and gets none of ours.
    package var yieldsTo = ""

    package var isEmpty: Bool { arguments.isEmpty && environment.isEmpty && files.isEmpty }

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

extension AgentProgram {
    /// Bytes of a prompt, as a shell's word, that goes as an argument: one argument may have 128 KiB, the line around it
    /// included. A longer prompt is typed.
    package static let promptArgumentBytesMax = 96 << 10

    /// The program and its arguments with the prompt where it takes one; `typed` is what has to be typed once it is up.
    package func arguments(prompt text: String) -> (arguments: [String], typed: String?) {
        guard !text.isEmpty else { return (command, nil) }
        let argument = Self.argument(text)
        let isShort = !text.utf8.contains(0) && ShellWord.quoted(argument).utf8.count <= Self.promptArgumentBytesMax
        switch prompt {
        case .argument where isShort: return (command + [argument], nil)
        case .flag(let flag) where isShort: return (command + [flag, argument], nil)
        case .argument, .flag, .typed: return (command, text)
        }
    }

    /// A prompt that begins with `-` would be taken for an option; a space in front changes nothing for the agent.
    private static func argument(_ prompt: String) -> String { prompt.hasPrefix("-") ? " " + prompt : prompt }
}

/// Makes the hooks of one launch.
package struct AgentLauncher: Sendable {
    /// Full path of `orca`; hooks run it.
    let program: String
    /// A directory of ours for the files of this one launch.
    let directory: String
    /// The environment the terminal will have.
    let environment: [String: String]

    package init(program: String, directory: String, environment: [String: String]) {
        self.program = program
        self.directory = directory
        self.environment = environment
    }

    /// Empty for an agent that takes none with its launch, and where the person's own settings would be lost by them.
    package func hooks(of agent: AgentProgram) -> LaunchHooks {
        var launch = LaunchHooks()
        switch agent.launchHooks {
        case .none: break
        case .claudeSettings:
            guard let shape = HookShape.of(.claude) else { return launch }
            let path = directory + "/claude-settings.json"
            launch.files = [
                LaunchHooks.LaunchFile(path: path, bytes: shape.document(program: program).jsonBytes() + [0x0A])
            ]
            launch.arguments = ["--settings", path]
            launch.yieldsTo = "--settings"
        case .codexNotify:
            guard let value = codexNotify() else { return launch }
            launch.arguments = ["-c", "notify=" + value]
            launch.yieldsTo = "notify="
        case .openCodePlugin:
            let path = directory + "/orca.js"
            guard let config = openCodeConfig(plugin: path) else { return launch }
            launch.files = [
                LaunchHooks.LaunchFile(path: path, bytes: Array(OpenCodePlugin.text(program: program).utf8))
            ]
            launch.environment = ["OPENCODE_CONFIG_CONTENT": config]
        }
        return launch
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
