import Glibc

/// Wakes one sleeping thread; rings while nobody sleeps are remembered as one.
package final class WakeBell: @unchecked Sendable {  // the C objects inside are made for several threads
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isRung = false

    package init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    package func ring() {
        pthread_mutex_lock(mutex)
        let wasRung = isRung
        isRung = true
        pthread_mutex_unlock(mutex)
        if !wasRung { pthread_cond_signal(condition) }
    }

    /// Returns at once if it was rung since the last time, else with the next ring.
    package func wait() {
        pthread_mutex_lock(mutex)
        while !isRung { pthread_cond_wait(condition, mutex) }
        isRung = false
        pthread_mutex_unlock(mutex)
    }
}
