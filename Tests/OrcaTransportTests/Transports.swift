import OrcaAPI
import OrcaConnect
import OrcaGRPC
import OrcaHTTP
import OrcaInProcess
import OrcaSupport
import OrcaTLS
import OrcaTestKit
import Synchronization
import Testing

/// Every way there is from a client to a runtime.
enum Way: String, CaseIterable, CustomTestStringConvertible {
    case inProcess
    case httpUnix
    case httpTCP
    case httpTLS
    case grpcUnix
    case grpcTCP
    case grpcTLS

    var testDescription: String { rawValue }

    func transport() throws -> any Transport {
        switch self {
        case .inProcess: InProcessTransport()
        case .httpUnix: HTTPTransport(unix: true)
        case .httpTCP: HTTPTransport(unix: false)
        case .httpTLS: HTTPTransport(unix: false, try certificates())
        case .grpcUnix: GRPCTransport(unix: true, library: try .load())
        case .grpcTCP: GRPCTransport(unix: false, library: try .load())
        case .grpcTLS: GRPCTransport(unix: false, try certificates(), library: try .load())
        }
    }

    private func certificates() throws -> TestCertificates {
        let made = try TestCertificates()
        try made.make("server", for: "DNS:localhost,IP:127.0.0.1")
        return made
    }
}

struct InProcessTransport: Transport {
    private let performer = ReplaceablePerformer()

    func start(_ performer: any Performer) { self.performer.replace(by: performer) }
    func stop() { performer.replace(by: nil) }

    func client(_ wish: ClientWish) -> ContractClient {
        let client = InProcessClient(
            performer, as: .bearer(secret: wish.secret, name: wish.name), timeoutMS: wish.timeoutMS,
            messageBytesMax: contractMessageBytesMax)
        return ContractClient(client) { client.cancelAll() }
    }
}

/// Where a server is, the same over restarts.
private final class Place: Sendable {
    let folder = TemporaryDirectory("transport")
    let unix: Bool
    let certificates: TestCertificates?
    private let taken = Mutex<UInt16>(0)

    init(unix: Bool, _ certificates: TestCertificates?) {
        self.unix = unix
        self.certificates = certificates
    }

    var socket: String { folder.path("run/server.sock") }
    var port: UInt16 { taken.withLock { $0 } }

    var address: HTTPServerConfiguration.TCPAddress {
        let tls = certificates.map { TLSFiles(certificate: $0.certificate("server"), key: $0.key("server")) }
        return HTTPServerConfiguration.TCPAddress(address: "127.0.0.1", port: port, tls: tls)
    }

    /// The port of the first start is that of the next.
    func took(_ port: UInt16?) {
        if let port { taken.withLock { $0 = port } }
    }

    var trust: TLSTrust? { certificates.map { TLSTrust(authorities: $0.authority) } }
}

final class HTTPTransport: Transport {
    private let place: Place
    private let server = Mutex<HTTPServer?>(nil)

    init(unix: Bool, _ certificates: TestCertificates? = nil) { place = Place(unix: unix, certificates) }

    func start(_ performer: any Performer) throws {
        var configuration =
            place.unix
            ? HTTPServerConfiguration(unixSocket: place.socket) : HTTPServerConfiguration(tcp: [place.address])
        configuration.limits.bodyBytesMax = contractMessageBytesMax
        let made = HTTPServer(configuration: configuration, performer: performer)
        try made.start()
        place.took(made.tcpPorts.first)
        server.withLock { $0 = made }
    }

    func stop() async { await server.withLock { $0 }?.stop() }

    func client(_ wish: ClientWish) throws -> ContractClient {
        var options = ConnectOptions(environment: ["ORCA_HOME": place.folder.path("home")])
        let scheme = place.certificates == nil ? "http" : "https"
        options.endpoint =
            place.unix ? .socket(place.socket) : .url("\(scheme)://127.0.0.1:\(place.port)")
        if let trust = place.trust { options.trust = trust }
        options.startsServer = false
        options.token = wish.secret
        options.callerName = wish.name
        options.timeoutMS = wish.timeoutMS
        let stop = StopSignal()
        options.stop = stop
        return ContractClient(try HTTPClient(options)) { stop.raise() }
    }
}

final class GRPCTransport: Transport {
    private let place: Place
    private let library: RPCLibrary
    private let server = Mutex<GRPCServer?>(nil)

    init(unix: Bool, _ certificates: TestCertificates? = nil, library: RPCLibrary) {
        place = Place(unix: unix, certificates)
        self.library = library
    }

    func start(_ performer: any Performer) async throws {
        var configuration =
            place.unix
            ? GRPCServerConfiguration(unixSocket: place.socket) : GRPCServerConfiguration(tcp: place.address)
        configuration.limits.messageBytesMax = contractMessageBytesMax
        let made = GRPCServer(configuration: configuration, performer: performer)
        try await made.start(library)
        place.took(made.tcpPort)
        server.withLock { $0 = made }
    }

    func stop() async { await server.withLock { $0 }?.stop() }

    func client(_ wish: ClientWish) -> ContractClient {
        var options = GRPCClient.Options(
            place.unix ? .unix(place.socket) : .tcp(host: "127.0.0.1", port: place.port))
        options.tls = place.trust
        options.token = wish.secret
        options.callerName = wish.name
        options.timeoutMS = wish.timeoutMS
        let client = GRPCClient(options, library)
        return ContractClient(client) { client.cancelAll() }
    }
}
