#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

int orca_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int orca_pidfd_send_signal(int pidfd, int signal_number) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal_number, NULL, 0);
}

int orca_wait_pidfd(int pidfd, int reap, int *signaled, int *value) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    int flags = WEXITED | WNOHANG | (reap ? 0 : WNOWAIT);
    int result;
    do {
        result = waitid((idtype_t)P_PIDFD, (id_t)pidfd, &info, flags);
    } while (result < 0 && errno == EINTR);
    if (result < 0) return -1;
    if (info.si_pid == 0) return 0;
    *signaled = info.si_code != CLD_EXITED;
    *value = info.si_status;
    return 1;
}

static int clean(posix_spawnattr_t *attributes, int extra_flags) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int error = posix_spawnattr_init(attributes);
    if (error) return error;
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setsigmask(attributes, &none);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | extra_flags);
}

int orca_spawnattr_clean_session(posix_spawnattr_t *attributes) { return clean(attributes, POSIX_SPAWN_SETSID); }

int orca_spawnattr_clean_same_session(posix_spawnattr_t *attributes) { return clean(attributes, 0); }

int orca_spawn_addclosefrom(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int orca_spawn_addchdir(posix_spawn_file_actions_t *actions, const char *path) {
    return posix_spawn_file_actions_addchdir_np(actions, path);
}

int orca_set_subreaper(int on) { return prctl(PR_SET_CHILD_SUBREAPER, on, 0, 0, 0); }

int orca_set_parent_death_signal(int signal_number) {
    return prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0);
}

int orca_set_thread_name(const char *name) {
    char cut[16];
    strncpy(cut, name, sizeof cut - 1);
    cut[sizeof cut - 1] = 0;
    return prctl(PR_SET_NAME, cut, 0, 0, 0);
}

int orca_pipe(int descriptors[2]) {
    if (pipe2(descriptors, O_CLOEXEC) < 0) return -1;
    return fcntl(descriptors[0], F_SETFL, O_NONBLOCK);
}

int orca_pipe_in(int descriptors[2]) {
    if (pipe2(descriptors, O_CLOEXEC) < 0) return -1;
    return fcntl(descriptors[1], F_SETFL, O_NONBLOCK);
}

int orca_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int orca_eventfd_ring(int descriptor) { return eventfd_write(descriptor, 1); }

int orca_eventfd_take(int descriptor) {
    eventfd_t count;
    return eventfd_read(descriptor, &count);
}

int orca_memfd(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int orca_open(const char *path, int flags, mode_t mode) {
    int descriptor;
    do {
        descriptor = open(path, flags | O_CLOEXEC, mode);
    } while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

static volatile int signal_pipe[NSIG];

static void forward_signal(int signal_number) {
    int saved = errno;
    unsigned char byte = (unsigned char)signal_number;
    // A full pipe means that the reader has enough to wake up for.
    ssize_t ignored = write(signal_pipe[signal_number], &byte, 1);
    (void)ignored;
    errno = saved;
}

int orca_signal_to_pipe(int signal_number, int descriptor) {
    if (signal_number <= 0 || signal_number >= NSIG) {
        errno = EINVAL;
        return -1;
    }
    signal_pipe[signal_number] = descriptor;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = forward_signal;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    return sigaction(signal_number, &action, NULL);
}

static int set_disposition(int signal_number, void (*disposition)(int)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = disposition;
    return sigaction(signal_number, &action, NULL);
}

int orca_signal_default(int signal_number) { return set_disposition(signal_number, SIG_DFL); }

int orca_signal_ignore(int signal_number) { return set_disposition(signal_number, SIG_IGN); }

int orca_flock(int descriptor, int exclusive, int wait) {
    int result;
    do {
        result = flock(descriptor, (exclusive ? LOCK_EX : LOCK_SH) | (wait ? 0 : LOCK_NB));
    } while (result < 0 && errno == EINTR);
    return result;
}

int orca_funlock(int descriptor) { return flock(descriptor, LOCK_UN); }

int orca_peer_credentials(int socket, pid_t *pid, uid_t *uid, gid_t *gid) {
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0) return -1;
    *pid = credentials.pid;
    *uid = credentials.uid;
    *gid = credentials.gid;
    return 0;
}

int orca_accept(int socket, int nonblocking) {
    int connection;
    do {
        connection = accept4(socket, NULL, NULL, SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0));
    } while (connection < 0 && errno == EINTR);
    return connection;
}

int orca_disk_space(const char *path, uint64_t *free_bytes, uint64_t *total_bytes) {
    struct statvfs facts;
    if (statvfs(path, &facts) < 0) return -1;
    *free_bytes = (uint64_t)facts.f_bavail * facts.f_frsize;
    *total_bytes = (uint64_t)facts.f_blocks * facts.f_frsize;
    return 0;
}

int orca_punch_hole(int descriptor, int64_t offset, int64_t length) {
    return fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
}

int orca_inotify(void) { return inotify_init1(IN_CLOEXEC | IN_NONBLOCK); }

int orca_inotify_watch_directory(int descriptor, const char *path) {
    return inotify_add_watch(descriptor, path, IN_MODIFY | IN_CREATE | IN_ONLYDIR);
}

int orca_set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}
