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
}
