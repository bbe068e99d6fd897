/* Preloaded into a program, tells it another time of day than the machine's: $SKEW_SECONDS later. Every other clock,
 * and every timer, is what it is. (faketime shifts timers as well, and what sleeps by them then sleeps too long.) */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long skew(void) {
    const char *text = getenv("SKEW_SECONDS");
    return text ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += skew();
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    int result = (int)syscall(SYS_gettimeofday, time, zone);
    if (result == 0) time->tv_sec += skew();
    return result;
}

time_t time(time_t *result) {
    struct timeval now;
    gettimeofday(&now, NULL);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}
