import Glibc
import OrcaSupport

/// What a file was before we changed it, kept apart from it so that it can be put back to the byte.
struct ChangeRecord {
    let path: String
    /// `nil` when there was no file.
    let before: [UInt8]?
    let after: [UInt8]
    let folders: [String]

    /// Where records are kept: a directory of ours.
    struct Shelf {
        let directory: String

        func find(_ path: String) throws(AgentError) -> ChangeRecord? {
            let file = self.file(path)
            guard Files.kind(file) != nil else { return nil }
            do {
                let facts = try JSONValue(jsonBytes: try Files.read(file))
                guard facts["path"]?.stringValue == path else { return nil }
                let existed = facts["existed"]?.boolValue == true
                return ChangeRecord(
                    path: path, before: existed ? try Files.read(file + ".before") : nil,
                    after: try Files.read(file + ".after"),
                    folders: (facts["folders"]?.arrayValue ?? []).compactMap(\.stringValue))
            } catch {
                // Without its record a file is still mended by taking our entries out of it.
                return nil
            }
        }

        /// The record itself comes last: half a one is none.
        func keep(_ record: ChangeRecord) throws(AgentError) {
            let file = self.file(record.path)
            let facts = JSONValue.object([
                JSONValue.Member("path", .string(record.path)),
                JSONValue.Member("existed", .bool(record.before != nil)),
                JSONValue.Member("folders", .array(record.folders.map { .string($0) })),
            ])
            do throws(SystemError) {
                try Files.makeDirectories(directory, mode: 0o700)
                if let before = record.before { try Files.write(before, to: file + ".before", mode: 0o600) }
                try Files.write(record.after, to: file + ".after", mode: 0o600)
                try Files.write(facts.jsonBytes(), to: file, mode: 0o600)
            } catch {
                throw ConfigFile.unusable(error)
            }
        }

        func forget(_ path: String) {
            for ending in ["", ".before", ".after"] { unlink(file(path) + ending) }
        }

        /// Paths are longer than file names may be: a hash stands for them, and the record says which it is.
        private func file(_ path: String) -> String {
            let hash = path.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            return directory + "/" + String(hash, radix: 16) + ".json"
        }
    }
}
