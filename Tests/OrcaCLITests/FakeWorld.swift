import Glibc
import OrcaAPI
import OrcaCLI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Synchronization

/// A client that answers what a test tells it to, and remembers what it was asked.
final class FakeClient: OrcaClient {
    /// A closure in a value of its own: the compiler cannot lower one that stands in a dictionary by itself.
    private struct Answer: Sendable {
        let run: @Sendable (any ProtoMessage) -> Result<any ProtoMessage, APIError>
    }

    struct Call: Sendable {
        var operation: String
        var request: any ProtoMessage
        var key: String?
    }

    private let answers = Mutex<[String: Answer]>([:])
    private let log = Mutex<[Call]>([])

    /// The answer to an operation.
    func on<Request: ProtoMessage, Response: ProtoMessage>(
        _ operation: TypedOperation<Request, Response>,
        _ answer: @escaping @Sendable (Request) throws(APIError) -> Response
    ) {
        let run = Answer { request in
            guard let typed = request as? Request else { preconditionFailure("another request") }
            do throws(APIError) { return .success(try answer(typed)) } catch { return .failure(error) }
        }
        answers.withLock { $0[operation.erased.name] = run }
    }

    var calls: [Call] { log.withLock { $0 } }

    /// The requests of one operation.
    func requests<Request: ProtoMessage>(_ type: Request.Type) -> [Request] {
        calls.compactMap { $0.request as? Request }
    }

    func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, idempotencyKey: String?
    ) throws(APIError) -> any ProtoMessage {
        log.withLock { $0.append(Call(operation: operation.name, request: request, key: idempotencyKey)) }
        guard let answer = answers.withLock({ $0[operation.name] }) else {
            preconditionFailure("the test has no answer for \(operation.name)")
        }
        return try answer.run(request).get()
    }

    func open(_ operation: APIOperation, _ request: any ProtoMessage) throws(APIError) -> any ClientStream {
        throw APIError("unimplemented", .internal, "no streams here")
    }
}

/// Output that is kept.
final class KeptText: TextSink {
    private var bytes: [UInt8] = []

    func write(bytes: [UInt8]) { self.bytes += bytes }
    func flush() {}

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// A command that was run without a process.
struct Outcome {
    var code: Int32
    var out: String
    var err: String
}

/// The world around commands: a directory of its own, a fake server, a clock that stands still.
final class FakeWorld {
    let client = FakeClient()
    let directory: String
    var environment: [String: String]
    var input = ""
    var terminalWidth: Int?
    /// Whether a server is there; without one every call is refused.
    var hasServer = true

    static let now: Int64 = 1_900_000_000_000

    init() {
        var template = Array("/tmp/orca-cli-test-XXXXXX".utf8CString)
        directory = String(cString: mkdtemp(&template)!)
        environment = ["ORCA_HOME": directory + "/home", "PATH": "/usr/bin:/bin"]
    }

    deinit { try? Files.removeTree(directory) }  // a directory that stays behind harms nobody

    @discardableResult
    func run(_ arguments: String...) -> Outcome { run(arguments) }

    @discardableResult
    func run(_ arguments: [String]) -> Outcome {
        let out = KeptText()
        let err = KeptText()
        let input = Array(self.input.utf8)
        let client = self.client
        let hasServer = self.hasServer
        let context = CLIContext(
            arguments: arguments, environment: environment, workingDirectory: directory, out: out, err: err,
            readInput: { (_) throws(APIError) in input }, inputIsTerminal: false,
            outputIsTerminal: terminalWidth != nil,
            terminalWidth: terminalWidth, hostName: "testhost", processID: 42, progressSink: { _ in },
            errorsAreTerminal: false,
            now: { FakeWorld.now },
            connect: { (_) throws(APIError) in
                guard hasServer else { throw APIError("server_unreachable", .unavailable, "Nothing answers.") }
                return client
            }, host: LocalHost())
        let code = CommandLineTool.run(context, root: Root.command)
        return Outcome(code: code, out: out.text, err: err.text)
    }

    func write(_ text: String, to name: String) throws { try Files.write(text, to: directory + "/" + name) }
    func read(_ name: String) throws -> String { try Files.readText(directory + "/" + name) }
}

/// A task for answers.
func task(_ ref: String, _ status: OrcaV1.Task.Status, _ title: String = "Title") -> OrcaV1.Task {
    .with {
        $0.id = "task_" + ref.lowercased()
        $0.ref = ref
        $0.status = status
        $0.title = title
    }
}

/// A claim for answers.
func claim(_ ref: String, token: Int64) -> OrcaV1.ClaimTaskResponse {
    .with {
        $0.task = task(ref, .dispatched)
        $0.attempt = .with {
            $0.id = "att_1"
            $0.number = 1
        }
        $0.lease = .with {
            $0.id = "lease_1"
            $0.token = token
            $0.agent = "me"
            $0.expiresAt = ProtoTimestamp(milliseconds: FakeWorld.now + 300_000)
        }
    }
}
