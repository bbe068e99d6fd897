import OrcaProtobuf

/// Where the comments of a file are kept: by path of field numbers and indices, such as `[4, 0, 2, 3]` for the fourth field of
/// the first message. Source: the comment on SourceCodeInfo in descriptor.proto.
struct SourceInfo: ProtoDecodable {
    private var comments: [[Int32]: String] = [:]

    init() {}

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1:
            let location: Location = try reader.message()
            if !location.leading.isEmpty { comments[location.path] = location.leading }
        default: try reader.skip()
        }
    }

    /// The lines of the comment before the thing at that path, without the space after `//`.
    func comment(at path: [Int32]) -> [String] {
        guard let text = comments[path] else { return [] }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var line = line.first == " " ? line.dropFirst() : line
            while line.last == " " { line.removeLast() }
            return String(line)
        }
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    private struct Location: ProtoDecodable {
        var path: [Int32] = []
        var leading = ""

        mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
            switch number {
            case 1: try reader.append(ProtoInt32.self, to: &path)
            case 3: leading = try reader.string()
            default: try reader.skip()
            }
        }
    }
}
