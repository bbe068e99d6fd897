import OrcaAPI
import OrcaDomain
import OrcaSupport

/// `orca repo …`
enum RepoCommands {
    static var command: Command {
        ContractCommand.group(
            "repo", "Repositories that worktrees are made of.",
            examples: [.init("orca repo add --path . --json", "Make the repository here known.")],
            children: { [add, list, show, setBaseRef, searchRefs] })
    }

    private static let selector = Flag.value(
        "repo", .text, "SELECTOR", "The repository: id:<id>, path:<path>, name:<name>, or one of them bare.",
        required: true)

    private static var add: Command {
        ContractCommand.verb(
            "add", "Make a git repository known; one that is known already is answered.", changes: true,
            flags: [.value("path", .directory, "PATH", "The repository, or anything in it.", required: true)],
            examples: [.init("orca repo add --path ~/src/api --json", "")]
        ) { (call) throws(APIError) in
            var request = OrcaV1.AddRepoRequest()
            request.workspace = call.workspace
            request.path = Paths.absolute(TextInput.absolute(try call.required("path"), call.base))
            return one(try call.call(Operations.addRepo, request).repo)
        }
    }

    private static var list: Command {
        ContractCommand.verb("list", "List the repositories.", aliases: ["ls"]) { (call) throws(APIError) in
            var request = OrcaV1.ListReposRequest()
            request.workspace = call.workspace
            let repos = try call.call(Operations.listRepos, request).repos
            let lines = repos.map { "\($0.displayName)  \($0.path)  \($0.id)" }
            return ContractAnswer(
                ["repos": .array(repos.map(CheckoutJSON.repo))],
                lines.isEmpty
                    ? "No repositories. Add one with 'orca repo add --path .'." : lines.joined(separator: "\n"))
        }
    }

    private static var show: Command {
        ContractCommand.verb("show", "Show one repository.", flags: [selector]) { (call) throws(APIError) in
            var request = OrcaV1.GetRepoRequest()
            request.workspace = call.workspace
            request.repo = try call.required("repo")
            return one(try call.call(Operations.getRepo, request).repo)
        }
    }

    private static var setBaseRef: Command {
        ContractCommand.verb(
            "set-base-ref", "Say what new worktrees of a repository start from.", changes: true,
            flags: [selector, .value("ref", .text, "REF", "A branch, tag or commit: origin/main.", required: true)],
            examples: [.init("orca repo set-base-ref --repo name:api --ref origin/develop --json", "")]
        ) { (call) throws(APIError) in
            var request = OrcaV1.SetRepoBaseRefRequest()
            request.workspace = call.workspace
            request.repo = try call.required("repo")
            request.ref = try call.required("ref")
            return one(try call.call(Operations.setRepoBaseRef, request).repo)
        }
    }

    private static var searchRefs: Command {
        ContractCommand.verb(
            "search-refs", "Find branches and tags by a part of their name.",
            flags: [
                selector, .value("query", .text, "TEXT", "What the name has in it.", required: true),
                .value("limit", .text, "N", "At most this many; 25."),
            ],
            examples: [.init("orca repo search-refs --repo name:api --query release --json", "")]
        ) { (call) throws(APIError) in
            var request = OrcaV1.SearchRefsRequest()
            request.workspace = call.workspace
            request.repo = try call.required("repo")
            request.query = try call.required("query")
            request.limit = Int32(clamping: try call.positiveInteger("limit") ?? 0)
            let found = try call.call(Operations.searchRefs, request)
            let details = found.refs.map { ref -> JSONValue in
                ["name": .string(ref.name), "fullName": .string(ref.fullName), "commit": .string(ref.commit)]
            }
            return ContractAnswer(
                [
                    "refs": .array(found.refs.map { .string($0.name) }), "refDetails": .array(details),
                    "truncated": .bool(found.truncated),
                ],
                found.refs.isEmpty ? "No refs." : found.refs.map(\.name).joined(separator: "\n"))
        }
    }

    private static func one(_ repo: OrcaV1.Repo?) -> ContractAnswer {
        let repo = repo ?? .init()
        let base = repo.worktreeBaseRef.isEmpty ? "" : "\nbase: \(repo.worktreeBaseRef)"
        return ContractAnswer(
            ["repo": CheckoutJSON.repo(repo)], "\(repo.displayName)\nid: \(repo.id)\npath: \(repo.path)\(base)")
    }
}
