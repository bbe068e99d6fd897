import OrcaSupport

/// What a repository says in its `orca.yaml`.
///
///     scripts:
///       setup: npm ci            # a line for /bin/sh, or a list of words
///       archive: [./bye.sh]
///     copy: [.env]               # from the main worktree, where the new one has none
///     link: [node_modules]
///     branchPrefix: agents/
///     setupTimeoutSeconds: 600
package struct CheckoutConfiguration: Sendable, Hashable {
    package enum Script: Sendable, Hashable {
        /// For `/bin/sh -c`.
        case line(String)
        case words([String])
    }

    package var setup: Script?
    package var archive: Script?
    package var copy: [String] = []
    package var link: [String] = []
    package var branchPrefix = ""
    package var timeoutSeconds = 600

    package static let fileName = "orca.yaml"
    static let bytesMax = 64 << 10
    static let pathsMax = 64
    static let timeoutSecondsMax = 3600

    package init() {}

    /// The file in a worktree; an empty configuration when there is none.
    static func read(in worktree: String) throws(CheckoutError) -> CheckoutConfiguration {
        let path = worktree + "/" + fileName
        guard let kind = Files.kind(path) else { return CheckoutConfiguration() }
        // A link could lead to any file of the person's.
        guard kind == .file else { throw fault("it is no plain file") }
        let bytes: [UInt8]
        do { bytes = try Files.read(path, limit: bytesMax) } catch { throw fault(error.description) }
        return try CheckoutConfiguration(yaml: bytes)
    }

    package init(yaml bytes: [UInt8]) throws(CheckoutError) {
        let root: JSONValue
        do { root = try PlainYAML.read(bytes) } catch { throw Self.fault(error.message) }
        guard root != .null else { return }
        guard case .object(let members) = root else { throw Self.fault("it holds no map") }
        for member in members {
            switch member.name {
            case "scripts": try readScripts(member.value)
            case "copy": copy = try Self.paths(member)
            case "link": link = try Self.paths(member)
            case "branchPrefix": branchPrefix = try Self.text(member)
            case "setupTimeoutSeconds":
                guard let seconds = Int(try Self.text(member)), (1...Self.timeoutSecondsMax).contains(seconds) else {
                    throw Self.fault("setupTimeoutSeconds is a whole number from 1 to \(Self.timeoutSecondsMax)")
                }
                timeoutSeconds = seconds
            // What other versions and other tools keep here is not ours to refuse.
            default: break
            }
        }
    }

    private mutating func readScripts(_ value: JSONValue) throws(CheckoutError) {
        guard case .object(let members) = value else { throw Self.fault("scripts is a map of setup and archive") }
        for member in members {
            switch member.name {
            case "setup": setup = try Self.script(member)
            case "archive": archive = try Self.script(member)
            default: break
            }
        }
    }

    private static func script(_ member: JSONValue.Member) throws(CheckoutError) -> Script? {
        if member.value == .null { return nil }
        if case .array = member.value {
            let words = try texts(member)
            guard !words.isEmpty else { throw fault("scripts.\(member.name) is an empty list") }
            return .words(words)
        }
        let line = try text(member)
        return line.allSatisfy(\.isWhitespace) ? nil : .line(line)
    }

    private static func paths(_ member: JSONValue.Member) throws(CheckoutError) -> [String] {
        let paths = try texts(member)
        guard paths.count <= pathsMax else { throw fault("\(member.name) has more than \(pathsMax) paths") }
        for path in paths {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            guard !path.hasPrefix("/"),
                !parts.contains(where: { $0 == ".." || $0 == "." || $0.isEmpty || $0 == ".git" })
            else { throw fault("\(member.name): `\(path)` is no plain path below the repository") }
        }
        return paths
    }

    private static func texts(_ member: JSONValue.Member) throws(CheckoutError) -> [String] {
        guard case .array(let values) = member.value else { throw fault("\(member.name) is a list") }
        let words = values.compactMap(\.stringValue)
        guard words.count == values.count else { throw fault("\(member.name) is a list of plain texts") }
        return words
    }

    private static func text(_ member: JSONValue.Member) throws(CheckoutError) -> String {
        guard let text = member.value.stringValue else { throw fault("\(member.name) is a plain text") }
        return text
    }

    private static func fault(_ why: String) -> CheckoutError {
        CheckoutError(.invalidConfiguration, "\(fileName) of the repository cannot be used: \(why). Mend it there.")
    }
}
