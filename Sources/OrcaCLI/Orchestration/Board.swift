import OrcaAPI
import OrcaDomain
import OrcaProtobuf

/// Which project the tasks of the orchestration commands are in: the one that is named, else that of the repository
/// around the working directory, else one of the workspace's own.
struct Board {
    /// The project for work that belongs to no repository Orca knows.
    static let standardKey = "ORCH"
    private static let standardName = "orchestration"
    private static let projectsMax: Int32 = 1000

    private let call: ContractCall

    init(_ call: ContractCall) {
        self.call = call
    }

    /// The key; `nil` when there is no project for this place yet.
    func find() throws(APIError) -> String? {
        if let named = call.base.project { return named }
        var request = OrcaV1.ListProjectsRequest()
        request.workspace = call.workspace
        request.limit = Self.projectsMax
        let projects = try call.call(Operations.listProjects, request).projects
        if let root = CheckoutRoot.find(from: call.base.context.workingDirectory, call.base.context.host),
            let own = projects.first(where: { Self.plain($0.repository) == root })
        {
            return own.key
        }
        return projects.first { $0.key == Self.standardKey }?.key
    }

    /// The key of a project that is there; the workspace's own is made when it is first needed.
    func findOrMake() throws(APIError) -> String {
        if let found = try find() { return found }
        var request = OrcaV1.CreateProjectRequest()
        request.workspace = call.workspace
        request.key = Self.standardKey
        request.name = Self.standardName
        do throws(APIError) {
            _ = try call.call(Operations.createProject, request)
        } catch {
            // Somebody else needed it at the same moment.
            guard error.code == "already_exists" else { throw error }
        }
        return Self.standardKey
    }

    private static func plain(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}

/// The main checkout of the git repository around a directory, found without running git.
enum CheckoutRoot {
    private static let pointerBytesMax = 4096
    private static let pointerPrefix = "gitdir:"

    static func find(from directory: String, _ host: any CLIHost) -> String? {
        var folder = directory
        while !folder.isEmpty {
            if !host.list(folder + "/.git").isEmpty { return folder }
            if let main = mainCheckout(linkedBy: folder + "/.git", host) { return main }
            guard let slash = folder.lastIndex(of: "/") else { return nil }
            folder = String(folder[..<slash])
        }
        return nil
    }

    /// A linked worktree has a file that names its place in the main one: `gitdir: /main/.git/worktrees/name`.
    private static func mainCheckout(linkedBy path: String, _ host: any CLIHost) -> String? {
        guard host.size(path) != nil else { return nil }
        // A pointer that cannot be read leads nowhere.
        guard let bytes = try? host.readFile(path, limit: pointerBytesMax) else { return nil }
        let line = String(decoding: bytes, as: UTF8.self).trimmed
        guard line.hasPrefix(pointerPrefix), let mark = line.firstRange(of: "/.git/worktrees/") else { return nil }
        return String(line[..<mark.lowerBound].dropFirst(pointerPrefix.count)).trimmed
    }
}
