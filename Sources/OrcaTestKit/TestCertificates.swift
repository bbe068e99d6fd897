import OrcaSupport

/// An authority of its own, and certificates that it signed, made by openssl(1) in a temporary directory.
package struct TestCertificates {
    private let folder: TemporaryDirectory

    package init() throws {
        folder = TemporaryDirectory("tls")
        try run(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj",
            "/CN=Test Authority", "-keyout", key("authority"), "-out", authority)
    }

    package var authority: String { certificate("authority") }

    package func certificate(_ name: String) -> String { folder.path("\(name).pem") }

    package func key(_ name: String) -> String { folder.path("\(name).key") }

    /// Makes, or makes anew, a certificate for `names`: `DNS:localhost`, `IP:127.0.0.1`.
    package func make(_ name: String, for names: String) throws {
        try run(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)",
            "-addext", "subjectAltName=\(names)", "-keyout", key(name), "-out", folder.path("\(name).csr"))
        try run(
            "x509", "-req", "-in", folder.path("\(name).csr"), "-CA", authority, "-CAkey", key("authority"), "-days",
            "2",
            "-copy_extensions", "copyall", "-out", certificate(name))
    }

    private func run(_ arguments: String...) throws {
        let result = try Subprocess.run(SubprocessCommand("openssl", arguments), timeout: .seconds(60))
        guard result.status.isSuccess else {
            throw SystemError(5, "openssl \(arguments[0]): \(result.errorText)")
        }
    }
}
