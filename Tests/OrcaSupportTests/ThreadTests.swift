import Glibc
import OrcaSupport
import Synchronization
import Testing

@Suite struct ThreadTests {
    @Test func aThreadRunsUnderItsNameAndIsJoined() throws {
        let box = Box()
        let thread = try ManagedThread("orca-test-name") {
            // Nothing can be asserted on this thread; what was read is compared after the join.
            let name = (try? Files.readText("/proc/thread-self/comm")) ?? "unreadable"
            box.text.withLock { $0 = name }
        }
        thread.join()
        thread.join()
        #expect(thread.isFinished)
        #expect(box.text.withLock { $0 } == "orca-test-name\n")
    }

    private final class Box: Sendable {
        let text = Mutex("")
        let count = Atomic(0)
    }

    @Test func aStopSignalWakesEveryWaiterAndStaysRaised() throws {
        let stop = StopSignal()
        let box = Box()
        let threads = try (0..<8).map { number in
            try ManagedThread("waiter-\(number)") {
                if stop.wait() { box.count.add(1, ordering: .relaxed) }
            }
        }
        #expect(!stop.wait(until: .now))
        stop.raise()
        stop.raise()
        threads.forEach { $0.join() }
        #expect(box.count.load(ordering: .relaxed) == 8)
        #expect(stop.wait(until: .now))
        #expect(Poll.readable([stop.descriptor], until: .now) == [0])
    }

    @Test func ringsThatNobodyHeardCountAsOne() {
        let bell = Wakeup()
        #expect(!bell.hear(until: .now))
        bell.ring()
        bell.ring()
        #expect(bell.hear(until: .now))
        #expect(!bell.hear(until: .now))
    }

    @Test func pollNamesTheReadableOnesAndSkipsNegativeDescriptors() {
        let first = Wakeup()
        let second = Wakeup()
        second.ring()
        #expect(Poll.readable([first.descriptor, -1, second.descriptor], until: .never) == [2])
        #expect(Poll.readable([first.descriptor], until: .after(.milliseconds(1))).isEmpty)
    }

    @Test func deadlinesAreOrderedAndNeverIsTheLast() {
        #expect(Deadline.now < .after(.seconds(60)))
        #expect(Deadline.after(.seconds(60)) < .never)
        #expect(!(Deadline.never < .never))
        #expect(Deadline.now.hasPassed)
        #expect(Deadline.never.pollTimeoutMS == -1)
        #expect(Deadline.now.pollTimeoutMS == 0)
        let minute = Deadline.after(.seconds(60)).pollTimeoutMS
        #expect(minute > 50_000 && minute <= 60_000)
        #expect(Deadline.after(.seconds(10_000_000)).pollTimeoutMS == Int32.max)
    }

    @Test func signalsArriveOnThePipe() throws {
        let pipe = try SignalPipe([SIGUSR1, SIGUSR2])
        #expect(pipe.next(until: .now) == nil)
        kill(getpid(), SIGUSR2)
        #expect(pipe.next(until: .after(.seconds(10))) == SIGUSR2)
        kill(getpid(), SIGUSR1)
        #expect(!Poll.readable([pipe.descriptor], until: .after(.seconds(10))).isEmpty)
        #expect(pipe.next() == SIGUSR1)
    }
}
