import Glibc
import OrcaSupport

/// Files of the terminals' server.
struct TmuxPlaces: Sendable, Hashable {
    /// Longest path of a unix socket.
    static let socketBytesMax = 107

    let socket: String
    let configuration: String
    /// Transcripts, checkpoints, and the file that tells of ended panes.
    let directory: String

    init(runDirectory: String, stateDirectory: String, userID: UInt32) {
        let wanted = runDirectory + "/tmux.sock"
        socket =
            wanted.utf8.count <= Self.socketBytesMax
            ? wanted : "/tmp/orca-\(userID)/tmux-\(String(Self.hash(wanted), radix: 36)).sock"
        directory = stateDirectory + "/terminals"
        configuration = directory + "/tmux.conf"
    }

    /// One byte more for every pane that ended.
    var poke: String { directory + "/ended" }

    func transcript(_ handle: String) -> String { "\(directory)/\(handle).out" }
    func checkpoint(_ handle: String) -> String { "\(directory)/\(handle).json" }

    /// FNV-1a.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
