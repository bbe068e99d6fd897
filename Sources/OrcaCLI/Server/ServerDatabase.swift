import OrcaAPI
import OrcaConnect

/// `orca db …`: everything is done by orcad, which alone knows the databases.
enum ServerDatabase {
    private static let database = Flag.value(
        "database", .file, "DB",
        "A path, or postgresql://HOST/NAME; else that of the context in use, or of the configuration.")

    static var command: Command {
        Command(
            "db", "Migrate, check, back up, restore, copy, export or import the database.", section: .server,
            examples: [
                .init("orca db backup /var/backups/orca.db", "A copy, while the server works on."),
                .init("orca db copy postgresql://db.example/orca", "Everything into Postgres, every table compared."),
            ],
            children: {
                [
                    verb("status", "Show what is in the database, its schema, and the servers on it."),
                    verb("migrate", "Bring its schema up to date."),
                    verb(
                        "check", "Compare what is kept twice.", flags: [.toggle("fix", "Repair what can be computed.")]),
                    verb(
                        "backup",
                        "Write a copy, while the server works on: of SQLite a database, of Postgres an export.",
                        "file", "A file that is not there yet."),
                    verb(
                        "restore", "Put a backup or an export into an empty database.", "file", "What 'backup' wrote."),
                    verb(
                        "copy", "Copy everything into another, empty database, and compare every table.", "target",
                        "A path, or postgresql://HOST/NAME."),
                    verb(
                        "export", "Write everything as lines of JSON.", "file",
                        "A file that is not there yet; - is standard output."),
                    verb(
                        "import", "Read such lines into an empty database.", "file",
                        "What 'export' wrote; - is standard input."),
                ]
            })
    }

    private static func verb(
        _ name: String, _ summary: String, _ argument: String? = nil, _ help: String = "", flags: [Flag] = []
    ) -> Command {
        Command(
            name, summary, arguments: argument.map { [Argument($0, .file, help)] } ?? [], flags: [database] + flags,
            run: { call throws(APIError) in try start(call, name, argument) })
    }

    private static func start(_ call: Invocation, _ name: String, _ argument: String?) throws(APIError) {
        var words = ["db", name]
        if let argument { words.append(call.required(argument)) }
        if let database = try chosen(call) { words += ["--database", database] }
        if name == "check", call.isOn("fix") { words.append("--fix") }
        if call.isJSON { words.append("--json") }
        let program = try ServerProgram.find(call.connectOptions)
        call.context.out.flush()
        try call.context.host.become(program, words)
    }

    /// The database of the flag, or of the context; `nil` for that of this machine's server.
    private static func chosen(_ call: Invocation) throws(APIError) -> String? {
        if let database = call.text("database") { return database }
        guard let context = try call.server else { return nil }
        switch context.server {
        case .local: return nil
        case .embedded(let database): return database
        case .socket, .url:
            // Never quietly another database than the one that all other commands show.
            throw .usage(
                "'orca db' opens databases itself, but the context '\(context.name)' is a server. Run it on that server's machine, "
                    + "name the database with --database, or say --server local for that of this machine's server.")
        }
    }
}
