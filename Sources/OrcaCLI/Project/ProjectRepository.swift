import OrcaAPI
import OrcaDomain
import OrcaSupport

/// Where a project's repository is: a URL as it was given, or a directory by its full path, because the server runs
/// somewhere else.
enum ProjectRepository {
    static func given(_ call: Invocation) throws(APIError) -> String? {
        guard let text = call.text("repository"), !text.isEmpty else { return call.text("repository") }
        let path = TextInput.absolute(text, call)
        // One that cannot be resolved is refused by whoever uses it.
        if Files.isDirectory(path) { return (try? Paths.resolved(path)) ?? path }
        // `https://…`, `git@host:path`
        if text.contains(":") || text.hasPrefix("/") { return text }
        throw APIError(
            "invalid_argument", .invalidArgument,
            "There is no directory \(path). --repository takes the path of a repository here, or a URL.",
            details: ["field": "repository"])
    }

    /// A path that leads to no repository here may do so on the server's machine; most often it is a mistake.
    static func warn(about repository: String, _ call: Invocation) {
        guard repository.hasPrefix("/") else { return }
        var folder = repository
        while folder.count > 1 {
            if Files.kind(folder + "/.git") != nil || Files.kind(folder + "/HEAD") != nil { return }
            folder = Files.split(folder).folder
        }
        call.note(
            "There is no git repository at \(repository) on this machine. 'orca project update --repository PATH' names "
                + "another, 'git init' makes one.")
    }
}
