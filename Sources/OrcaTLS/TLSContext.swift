import CTLS
import OrcaSupport

/// Certificates and authorities for many connections of one side.
package final class TLSContext: @unchecked Sendable {  // OpenSSL's contexts are for many threads
    let raw: OpaquePointer

    private init(_ raw: OpaquePointer) {
        self.raw = raw
    }

    deinit {
        tls_context_free(raw)
    }

    /// A server's side. Reads the files.
    package static func server(_ files: TLSFiles) throws(TLSError) -> TLSContext {
        try make { reason, size in
            tls_server_new(files.certificate, files.key, files.clientAuthorities, reason, size)
        }
    }

    /// A client's side. Reads the files.
    package static func client(_ trust: TLSTrust) throws(TLSError) -> TLSContext {
        try make { reason, size in
            tls_client_new(trust.authorities, trust.certificate, trust.key, reason, size)
        }
    }

    private static func make(
        _ body: (UnsafeMutablePointer<CChar>?, Int) -> OpaquePointer?
    ) throws(TLSError) -> TLSContext {
        var reason = [CChar](repeating: 0, count: 256)
        guard let raw = body(&reason, reason.count) else {
            throw TLSError(String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        }
        return TLSContext(raw)
    }
}

/// What a server shows, and whom it lets in. Paths of PEM files.
package struct TLSFiles: Sendable, Hashable {
    /// The certificate, followed by those between it and its authority.
    package var certificate: String
    package var key: String
    /// With it, every client must show a certificate that one of these authorities signed.
    package var clientAuthorities: String?

    package init(certificate: String, key: String, clientAuthorities: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientAuthorities = clientAuthorities
    }
}

/// Whom a client believes, and what it shows. Paths of PEM files.
package struct TLSTrust: Sendable, Hashable {
    /// `nil` trusts the authorities of the system.
    package var authorities: String?
    package var certificate: String?
    /// `nil` when it is in the certificate's file.
    package var key: String?

    package init(authorities: String? = nil, certificate: String? = nil, key: String? = nil) {
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
    }
}

package struct TLSError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, to be followed by what to do.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
