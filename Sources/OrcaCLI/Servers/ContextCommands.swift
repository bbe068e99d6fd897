import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport
import OrcaTLS

/// `orca context …`
enum ContextCommands {
    private static let name = Argument("name", .entity(.context), "Its name; `local` is the server on this machine.")

    static var command: Command {
        var command = Command(
            "context", "Name servers, and choose the one that commands talk to.", aliases: ["contexts"],
            section: .server, children: { [add, use, list, show, remove] })
        command.discussion = """
            Without contexts, commands talk to the server on this machine, which starts by itself. A context is another one: far \
            away (--url), on another socket (--socket), or none at all (--database: the database is opened for one command).

            A flag wins over the environment ($ORCA_URL, $ORCA_SOCKET, $ORCA_CONTEXT), and that over 'orca context use'. Programs \
            in terminals and workers talk to the server that started them.
            """
        return command
    }

    private static var add: Command {
        var command = Command(
            "add", "Add a context, or change the one of that name.",
            arguments: [Argument("name", .text, "Letters, digits, '.', '_' and '-'.")],
            flags: [
                .value("database", .file, "PATH", "No server: open this database for each command."),
                .value("token-file", .file, "FILE", "A file with the access token; see 'orca token create'."),
                .value("tls-ca", .file, "FILE", "For https: the authorities to trust, instead of the system's."),
                .value(
                    "tls-certificate", .file, "FILE", "For https: this client's certificate, if the server wants one."),
                .value("tls-key", .file, "FILE", "The certificate's key."),
                .toggle("use", "Use it from now on."),
            ], run: runAdd)
        command.examples = [
            .init(
                "orca context add team --url https://orca.example.com --token-file ~/.orca-token --use",
                "Talk to the team's server from now on."),
            .init("orca context add scratch --database /tmp/scratch.db", "A database without a server."),
        ]
        return command
    }

    private static func runAdd(_ call: Invocation) throws(APIError) {
        let given = [
            call.text("url").map { ServerContext.Server.url($0) },
            call.text("socket").map { .socket(TextInput.absolute($0, call)) },
            call.text("database").map { .embedded(database: TextInput.absolute($0, call)) },
        ].compactMap { $0 }
        guard given.count == 1, let server = given.first else {
            throw .usage("'orca context add' needs one of --url, --socket and --database.")
        }
        if case .url(let url) = server { _ = try SocketAddress(url: url) }
        func file(_ flag: String) -> String? { call.text(flag).map { TextInput.absolute($0, call) } }
        let trust = TLSTrust(
            authorities: file("tls-ca"), certificate: file("tls-certificate"), key: file("tls-key"))
        var book = try ChosenContext.book(call.context)
        let context = ServerContext(
            name: call.required("name"), server: server, tokenFile: file("token-file"), trust: trust,
            workspace: call.text("workspace"))
        let before = book.find(context.name)
        try book.put(context)
        if call.isOn("use") { try book.use(context.name) }
        try save(book, call)
        answer(context, book, call)
        if let before, before.server != context.server {
            call.note("'\(context.name)' was there already, as \(words(before.server)); it is replaced.")
        }
        if let file = context.tokenFile, call.context.host.size(file) == nil {
            call.note("There is no file \(file) yet: write the token into it, mode 0600.")
        }
        if book.current != context.name {
            call.note(
                "Try it with 'orca status --server \(context.name)'; 'orca context use \(context.name)' keeps to it.")
        }
    }

    private static var use: Command {
        Command("use", "Use this context from now on.", arguments: [name], run: runUse)
    }

    private static func runUse(_ call: Invocation) throws(APIError) {
        var book = try ChosenContext.book(call.context)
        try book.use(call.required("name"))
        try save(book, call)
        answer(try book.named(book.current), book, call)
        if let variable = ["ORCA_URL", "ORCA_SOCKET", ChosenContext.variable].first(where: {
            call.context.variable($0) != nil
        }) {
            call.note("$\(variable) is set and wins over it.")
        }
    }

    private static var remove: Command {
        Command("remove", "Forget a context.", aliases: ["rm"], arguments: [name], run: runRemove)
    }

    private static func runRemove(_ call: Invocation) throws(APIError) {
        var book = try ChosenContext.book(call.context)
        let context = try book.named(call.required("name"))
        guard context != .local else { throw .usage("'local' is always there.") }
        try book.remove(context.name)
        try save(book, call)
        call.note("'\(context.name)' is forgotten; '\(book.current)' is in use.")
    }

    private static var show: Command {
        Command(
            "show", "Show a context, or the one that commands talk to here.",
            arguments: [Argument("name", .entity(.context), "Its name.", optional: true)], run: runShow)
    }

    private static func runShow(_ call: Invocation) throws(APIError) {
        let book = try ChosenContext.book(call.context)
        if let name = call.text("name") { return answer(try book.named(name), book, call) }
        guard let chosen = try ChosenContext.find(call) else {
            let address = try call.connectOptions.endpoint
            throw APIError(
                "context_not_found", .notFound,
                "No context: a flag or the environment names the server by its address (\(address)).")
        }
        answer(chosen, book, call)
    }

    private static var list: Command {
        Command("list", "List the contexts.", aliases: ["ls"], run: runList)
    }

    private static func runList(_ call: Invocation) throws(APIError) {
        let book = try ChosenContext.book(call.context)
        if call.isJSON { return call.context.out.write(bytes: book.json.jsonBytes() + [0x0A]) }
        let all = [ServerContext.local] + book.contexts
        if call.isQuiet { return call.context.out.write(all.map { $0.name + "\n" }.joined()) }
        var table = Table([.fixed(""), .flexible("NAME"), .flexible("SERVER"), .fixed("WORKSPACE")])
        for context in all {
            table.add([
                .init(context.name == book.current ? "*" : ""), .init(context.name, .strong),
                .init(words(context.server)), .init(context.workspace ?? ""),
            ])
        }
        call.context.out.write(call.text(table))
    }

    static func words(_ server: ServerContext.Server) -> String {
        switch server {
        case .local: "this machine"
        case .socket(let path): path
        case .url(let url): url
        case .embedded(let database): "\(database), without a server"
        }
    }

    private static func answer(_ context: ServerContext, _ book: ContextBook, _ call: Invocation) {
        if call.isJSON { return call.context.out.write(bytes: context.json.jsonBytes() + [0x0A]) }
        if call.isQuiet { return call.context.out.write(context.name + "\n") }
        var lines = [
            "\(context.name)\(context.name == book.current ? " (in use)" : "")",
            "  server     \(words(context.server))",
        ]
        if let workspace = context.workspace { lines.append("  workspace  \(workspace)") }
        if let file = context.tokenFile { lines.append("  token      in \(file)") }
        if let file = context.trust.authorities { lines.append("  trusts     \(file)") }
        if let file = context.trust.certificate { lines.append("  shows      \(file)") }
        call.context.out.write(lines.map { $0 + "\n" }.joined())
    }

    private static func save(_ book: ContextBook, _ call: Invocation) throws(APIError) {
        try call.context.host.writePrivateFile(ChosenContext.path(call.context), book.json.jsonBytes() + [0x0A])
    }
}
