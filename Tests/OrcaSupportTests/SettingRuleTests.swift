import OrcaSupport
import Testing

@Suite struct SettingRuleTests {
    @Test(arguments: [
        ("listen", "127.0.0.1:7717"), ("listen", "[::1]:80"), ("listen", ":7717"), ("grpc_address", "unix"),
        ("grpc_address", "unix:/run/x.sock"), ("grpc_address", "0.0.0.0:7718"), ("insecure", "true"),
        ("database", "/var/lib/orca/orca.db"), ("database", "memory"), ("database", "postgresql://db/orca"),
        ("database_wait", "0"), ("log_level", "debug"), ("events_kept", "1000"), ("allow_host", "orca.example.com"),
        ("allow_host", "[::1]"), ("allow_origin", "https://board.example.com"), ("tls_key", "/etc/orca/tls.key"),
    ])
    func takesWhatTheServerTakes(name: String, value: String) throws {
        let rule = try #require(SettingRule.of(name))
        #expect(rule.complaint(about: value) == nil)
    }

    @Test(arguments: [
        ("listen", "foo"), ("listen", ""), ("listen", "127.0.0.1:99999"), ("listen", "localhost:7717"),
        ("grpc_address", "foo"), ("insecure", "maybe"), ("database", "mysql://db/orca"), ("database_wait", "-1"),
        ("log_level", "loud"), ("events_kept", "7"), ("idle_stop", "soon"), ("allow_host", "https://orca.example.com"),
        ("allow_host", "orca.example.com:7717"), ("allow_origin", "board.example.com"), ("tls_key", ""),
    ])
    func namesTheSettingAndSaysWhatToGive(name: String, value: String) throws {
        let complaint = try #require(SettingRule.of(name)?.complaint(about: value))
        #expect(complaint.hasPrefix(name + " is "), "\(complaint)")
        #expect(complaint.contains("; give "), "\(complaint)")
    }
}
