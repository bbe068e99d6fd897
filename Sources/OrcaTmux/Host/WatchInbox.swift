import OrcaSupport
import Synchronization

/// What other threads leave for the watch.
final class WatchInbox: Sendable {
    enum Item: Sendable {
        /// A capture of the pane's screen has come; empty when it could not be taken.
        case captured(Pane, [String])
        /// The pane wrote more than is read at once.
        case more(Pane)
        /// Something about the terminal may now be due earlier.
        case touched(String)
        /// tmux's panes, or nothing when it did not answer.
        case panes([PaneRow]?, asked: Int64)
        /// tmux said that windows, panes or clients are different.
        case reconcile
        /// There is a connection to tmux.
        case connected
        /// The connection to tmux ended.
        case disconnected
        /// tmux lives and could not be connected to.
        case connectingFailed
    }

    let bell = Wakeup()
    let stop = StopSignal()
    private let items = Mutex<[Item]>([])

    func add(_ item: Item) {
        items.withLock { $0.append(item) }
        bell.ring()
    }

    func take() -> [Item] {
        items.withLock { items in
            defer { items = [] }
            return items
        }
    }
}
