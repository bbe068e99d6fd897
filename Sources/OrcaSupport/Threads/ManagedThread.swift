import CLinux
import Glibc
import Synchronization

/// A thread with a name that can be joined. For work that blocks: it never runs on Swift's shared pool.
package final class ManagedThread: Sendable {
    package let name: String
    private let finished = StopSignal()
    private let handle: Mutex<pthread_t?>

    /// Bytes of stack of every thread.
    package static let stackSize = 2 << 20

    /// Starts the thread. `body` runs to its end; nothing interrupts it, so give it a `StopSignal` to look at.
    package init(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        self.name = name
        handle = Mutex(nil)
        let start = ThreadStart(name: name, body: body, finished: finished)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, Self.stackSize)
        defer { pthread_attr_destroy(&attributes) }

        var thread = pthread_t()
        let context = Unmanaged.passRetained(start)
        let error = pthread_create(
            &thread, &attributes,
            { context in
                let start = Unmanaged<ThreadStart>.fromOpaque(context!).takeRetainedValue()
                orca_set_thread_name(start.name)
                start.body()
                start.finished.raise()
                return nil
            }, context.toOpaque())
        guard error == 0 else {
            context.release()
            throw SystemError(error, "start thread", name)
        }
        handle.withLock { $0 = thread }
    }

    deinit {
        if let thread = handle.withLock({ $0 }) { pthread_detach(thread) }
    }

    /// Readable once the body has returned.
    package var descriptor: Int32 { finished.descriptor }
    package var isFinished: Bool { finished.isRaised }

    /// Waits for the end of the body. May be called more than once and from any thread but this one.
    package func join() {
        finished.wait()
        let thread = handle.withLock { handle in
            defer { handle = nil }
            return handle
        }
        if let thread { pthread_join(thread, nil) }
    }
}

/// What a new thread is handed.
private final class ThreadStart: Sendable {
    let name: String
    let body: @Sendable () -> Void
    let finished: StopSignal

    init(name: String, body: @escaping @Sendable () -> Void, finished: StopSignal) {
        self.name = name
        self.body = body
        self.finished = finished
    }
}
