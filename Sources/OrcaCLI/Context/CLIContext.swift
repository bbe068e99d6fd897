package import OrcaAPI
package import OrcaConnect
package import OrcaSupport

/// Everything outside that a command may touch. Tests put their own in its place.
package struct CLIContext {
    package var arguments: [String]
    package var environment: [String: String]
    package var workingDirectory: String
    package var out: any TextSink
    package var err: any TextSink
    /// All of standard input, at most `limit` bytes.
    package var readInput: (_ limit: Int) throws(APIError) -> [UInt8]
    package var inputIsTerminal: Bool
    package var outputIsTerminal: Bool
    /// Columns of the terminal on standard output; `nil` when it is none.
    package var terminalWidth: Int?
    /// Name of this machine, for the record of attempts.
    package var hostName: String
    package var processID: Int32
    /// Writes a line to standard error at once; safe on any thread.
    package var progressSink: @Sendable (String) -> Void
    /// Whether standard error is a terminal.
    package var errorsAreTerminal: Bool
    /// Milliseconds since 1970; safe on any thread.
    package var now: @Sendable () -> Int64
    /// Finds or starts the server.
    package var connect: (ConnectOptions) throws(APIError) -> any OrcaClient
    /// Files, processes and signals.
    package var host: any CLIHost

    package init(
        arguments: [String], environment: [String: String], workingDirectory: String, out: any TextSink,
        err: any TextSink, readInput: @escaping (Int) throws(APIError) -> [UInt8], inputIsTerminal: Bool,
        outputIsTerminal: Bool, terminalWidth: Int?, hostName: String, processID: Int32,
        progressSink: @escaping @Sendable (String) -> Void, errorsAreTerminal: Bool,
        now: @escaping @Sendable () -> Int64,
        connect: @escaping (ConnectOptions) throws(APIError) -> any OrcaClient, host: any CLIHost
    ) {
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.out = out
        self.err = err
        self.readInput = readInput
        self.inputIsTerminal = inputIsTerminal
        self.outputIsTerminal = outputIsTerminal
        self.terminalWidth = terminalWidth
        self.hostName = hostName
        self.processID = processID
        self.progressSink = progressSink
        self.errorsAreTerminal = errorsAreTerminal
        self.now = now
        self.connect = connect
        self.host = host
    }

    /// The server on this machine as it is: not started when it is not there.
    package func connectWithoutStarting(_ options: ConnectOptions) throws(APIError) -> any OrcaClient {
        var options = options
        options.startsServer = false
        return try connect(options)
    }

    /// An environment variable that is set and not empty.
    package func variable(_ name: String) -> String? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return value
    }

    /// Colours: on a terminal, unless `NO_COLOR` is set or the terminal is dumb.
    package var wantsColor: Bool {
        outputIsTerminal && variable("NO_COLOR") == nil && environment["TERM"] != "dumb"
    }

    /// Colours in what goes to standard error.
    package var wantsColorOnErrors: Bool {
        errorsAreTerminal && variable("NO_COLOR") == nil && environment["TERM"] != "dumb"
    }

    /// Where the command keeps and finds its files.
    package var places: Places { ConnectOptions(environment: environment).places }
}

/// Where text goes.
package protocol TextSink: AnyObject {
    func write(bytes: [UInt8])
    /// Hands over what is held back.
    func flush()
}

extension TextSink {
    package func write(_ text: String) { write(bytes: Array(text.utf8)) }
}
