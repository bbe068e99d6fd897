import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:7070", SocketAddress.tcp(host: "127.0.0.1", port: 7070)),
        ("http://build.example:80/", .tcp(host: "build.example", port: 80)),
        ("http://[::1]:7070", .tcp(host: "::1", port: 7070)),
        ("localhost:1", .tcp(host: "localhost", port: 1)),
        ("https://build.example", .tls(host: "build.example", port: 443)),
        ("https://[::1]:7/", .tls(host: "::1", port: 7)),
        ("https://[::1]", .tls(host: "::1", port: 443)),
        ("unix:///run/orca.sock", .unix("/run/orca.sock")),
    ])
    func readsURLs(url: String, address: SocketAddress) throws {
        #expect(try SocketAddress(url: url) == address)
    }

    @Test(arguments: [
        "", "http://", "http://host", "http://:80", "http://host:0", "http://host:99999", "https://", "https://host:x",
        "http://host/x:1",
    ])
    func refusesWhatIsNoAddress(url: String) {
        #expect(failure { () throws(APIError) in try SocketAddress(url: url) }?.category == .invalidArgument)
    }

    @Test(arguments: [
        (SocketAddress.unix("/run/orca.sock"), Int32(2), "Start the server with 'orca serve'"),
        (.unix("/run/orca.sock"), 13, "belongs to another user"),
        (.tcp(host: "h", port: 1), 111, "Check --url and $ORCA_URL"),
    ])
    func saysWhatToDoAboutAServerThatIsOutOfReach(address: SocketAddress, code: Int32, advice: String) {
        let told = ConnectionAdvice.unreachable(address, code)
        #expect(told.contains(advice), "\(told)")
    }

    @Test(arguments: [
        ("hostname mismatch", "for other names"), ("certificate has expired", "Renew"),
        ("tlsv13 alert certificate required", "$ORCA_TLS_CERTIFICATE"), ("self-signed certificate", "$ORCA_TLS_CA"),
    ])
    func saysWhatToDoAboutAServerThatIsNotTrusted(why: String, advice: String) {
        #expect(ConnectionAdvice.wayToTrust(why).contains(advice))
    }

    @Test func findsItsPlaces() {
        let home = Places(environment: ["ORCA_HOME": "/x"], userID: 7)
        #expect(
            home.socket == "/x/run/orca.sock" && home.database == "/x/data/orca.db"
                && home.config == "/x/config/config.json")
        let xdg = Places(
            environment: ["HOME": "/h", "XDG_RUNTIME_DIR": "/run/user/7/", "XDG_STATE_HOME": "relative"], userID: 7)
        #expect(xdg.socket == "/run/user/7/orca/orca.sock" && xdg.log == "/h/.local/state/orca/orcad.log")
        #expect(Places(environment: ["HOME": "/h"], userID: 7).socket == "/tmp/orca-7/orca.sock")
    }

    @Test(arguments: [
        ("0.1.0", "0.2.0", true), ("0.10.0", "0.9.9", false), ("1.0", "1.0.0", false), ("1.0.0-beta", "1.0.0", true),
        ("1.0.0", "1.0.0-beta", false), ("1.0.0-a", "1.0.0-b", true), ("", "0.1", true),
    ])
    func comparesVersions(left: String, right: String, isOlder: Bool) {
        #expect(ProductVersion.isOlder(left, than: right) == isOlder)
    }
}
