import Glibc
import OrcaSupport

/// What to do about a server that cannot be reached; it depends on where it is.
package enum ConnectionAdvice {
    package static func unreachable(_ address: SocketAddress, _ code: Int32) -> String {
        let fact = "Nothing answers on \(address): \(SystemError(code, "").reason)."
        switch address {
        case .unix where code == EACCES:
            return
                "\(fact) The socket belongs to another user: ask for a token and use their server over TCP, or leave "
                + "--socket and $ORCA_SOCKET out for your own."
        case .unix:
            return "\(fact) Start the server with 'orca serve', or check --socket and $ORCA_SOCKET."
        case .tcp, .tls:
            return "\(fact) Check --url and $ORCA_URL, and that the server there is up and listens "
                + "('orca config set listen ADDRESS:PORT', then 'orca restart', on its machine)."
        }
    }

    /// `why` is OpenSSL's word for it.
    package static func wayToTrust(_ why: String) -> String {
        if why.contains("mismatch") {
            return
                "Its certificate is for other names: use one of those in the address, or give the server one for this name."
        }
        if why.contains("expired") {
            return "Renew the certificate; 'date' tells whether this machine's clock is right."
        }
        if why.contains("certificate required") {
            return
                "The server wants a certificate of yours: $ORCA_TLS_CERTIFICATE and $ORCA_TLS_KEY, or --tls-certificate "
                + "and --tls-key of 'orca context add'."
        }
        return "Name the authority of its certificate with $ORCA_TLS_CA (--tls-ca of 'orca context add'), and your own "
            + "certificate, if it wants one, with $ORCA_TLS_CERTIFICATE and $ORCA_TLS_KEY."
    }
}
