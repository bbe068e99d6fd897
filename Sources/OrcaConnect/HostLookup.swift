import Glibc
import OrcaSupport

/// Names of hosts to numeric addresses.
enum HostLookup {
    /// Numeric addresses to try in turn; empty when the name is unknown.
    ///
    /// A static program has no name service of its own, so names are looked up by `getent`, which has.
    static func addresses(of host: String) -> [String] {
        if isNumeric(host) { return [host] }
        if host == "localhost" { return ["127.0.0.1", "::1"] }
        guard !host.hasPrefix("-") else { return [] }
        let command = SubprocessCommand("getent", ["ahosts", host])
        // No getent, or an unknown name: both mean that there is no address, and the caller says so.
        guard let result = try? Subprocess.run(command, timeout: .seconds(10)), result.status.isSuccess else {
            return []
        }
        var found: [String] = []
        for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n") {
            let address = String(line.prefix { $0 != " " && $0 != "\t" })
            if isNumeric(address), !found.contains(address) { found.append(address) }
        }
        return found
    }

    private static func isNumeric(_ text: String) -> Bool {
        var room = in6_addr()
        return inet_pton(AF_INET, text, &room) == 1 || inet_pton(AF_INET6, text, &room) == 1
    }
}
