#define _GNU_SOURCE
#include "CHTTPShim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static int result(int value) { return value < 0 ? -errno : value; }

// Polling

int http_poll_new(void) { return result(epoll_create1(EPOLL_CLOEXEC)); }

static int poll_add(int poll, int fd, uint64_t key, uint32_t events) {
    struct epoll_event event = {.events = events, .data.u64 = key};
    return result(epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event));
}

int http_poll_add(int poll, int fd, uint64_t key) {
    return poll_add(poll, fd, key, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

int http_poll_add_listener(int poll, int fd, uint64_t key) { return poll_add(poll, fd, key, EPOLLIN); }

int http_poll_remove(int poll, int fd) { return result(epoll_ctl(poll, EPOLL_CTL_DEL, fd, NULL)); }

int http_poll_wait(int poll, struct http_event *events, int max, int timeout_ms) {
    struct epoll_event raw[256];
    int count = epoll_wait(poll, raw, max < 256 ? max : 256, timeout_ms);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        uint32_t bits = raw[i].events;
        events[i].key = raw[i].data.u64;
        events[i].events = (bits & EPOLLIN ? HTTP_READABLE : 0) | (bits & EPOLLOUT ? HTTP_WRITABLE : 0) |
                           (bits & EPOLLRDHUP ? HTTP_HALF_CLOSED : 0) |
                           (bits & (EPOLLHUP | EPOLLERR) ? HTTP_CLOSED : 0);
    }
    return count;
}

int http_wake_new(void) { return result(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

void http_wake(int fd) {
    uint64_t one = 1;
    ssize_t ignored = write(fd, &one, sizeof one);
    (void)ignored; // full means that a wake-up is pending already
}

void http_wake_clear(int fd) {
    uint64_t count;
    ssize_t ignored = read(fd, &count, sizeof count);
    (void)ignored;
}

// Listening

static int unix_address(const char *path, struct sockaddr_un *address) {
    if (strlen(path) >= sizeof address->sun_path) return -ENAMETOOLONG;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    strcpy(address->sun_path, path);
    return 0;
}

static int close_with(int fd, int error) {
    close(fd);
    return -error;
}

int http_listen_unix(const char *path, int backlog) {
    struct sockaddr_un address;
    int status = unix_address(path, &address);
    if (status < 0) return status;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    // Linux gives the file the mode of the socket's inode, so it is never open to others, not even for a moment.
    if (fchmod(fd, 0600) < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, backlog) < 0)
        return close_with(fd, errno);
    return fd;
}

int http_probe_unix(const char *path, pid_t *pid) {
    *pid = 0;
    struct sockaddr_un address;
    int status = unix_address(path, &address);
    if (status < 0) return status;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        int error = errno;
        close(fd);
        if (error == ECONNREFUSED || error == ENOENT) return 0;
        return error == EAGAIN ? 1 : -error; // EAGAIN: its queue is full
    }
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0) *pid = peer.pid;
    close(fd);
    return 1;
}

static socklen_t ip_address(const char *text, uint16_t port, struct sockaddr_storage *address) {
    memset(address, 0, sizeof *address);
    struct sockaddr_in *v4 = (struct sockaddr_in *)address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        return sizeof *v4;
    }
    if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        return sizeof *v6;
    }
    return 0;
}

int http_listen_tcp(const char *text, uint16_t port, int backlog) {
    struct sockaddr_storage address;
    socklen_t size = ip_address(text, port, &address);
    if (size == 0) return -EINVAL;
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (address.ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, backlog) < 0) return close_with(fd, errno);
    return fd;
}

int http_local_port(int fd) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) < 0) return -errno;
    if (address.ss_family == AF_INET) return ntohs(((struct sockaddr_in *)&address)->sin_port);
    return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
}

int http_is_loopback(const char *text) {
    struct sockaddr_storage address;
    if (ip_address(text, 0, &address) == 0) return -EINVAL;
    if (address.ss_family == AF_INET)
        return (ntohl(((struct sockaddr_in *)&address)->sin_addr.s_addr) >> 24) == 127;
    return IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)&address)->sin6_addr) ? 1 : 0;
}

// Connections

int http_accept(int listener) { return result(accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)); }

int http_peer_uid(int fd, uid_t *uid) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return -errno;
    *uid = peer.uid;
    return 0;
}

void http_no_delay(int fd) {
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

ssize_t http_send(int fd, const void *bytes, size_t count) {
    ssize_t sent;
    // A signal is no reason to wait for an edge that never comes.
    do sent = send(fd, bytes, count, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

ssize_t http_receive(int fd, void *bytes, size_t count) {
    ssize_t got;
    do got = recv(fd, bytes, count, 0);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got;
}

void http_shutdown_write(int fd) { shutdown(fd, SHUT_WR); }

void http_close(int fd) { close(fd); }

// Files

int http_lock_file(const char *path) {
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return -errno;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) return close_with(fd, errno);
    return fd;
}

int http_is_socket(const char *path) {
    struct stat status;
    if (lstat(path, &status) < 0) return -errno;
    return S_ISSOCK(status.st_mode) ? 1 : 0;
}

int http_inode(const char *path, uint64_t *inode) {
    struct stat status;
    if (lstat(path, &status) < 0) return -errno;
    *inode = status.st_ino;
    return 0;
}

void http_allow_descriptors(uint64_t wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    setrlimit(RLIMIT_NOFILE, &limit); // best effort: without it fewer connections are accepted
}

// Time

int64_t http_monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int http_date(char *buffer) {
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    // Not strftime: names must not depend on the locale.
    strftime(buffer, 30, "xxx, %d xxx %Y %H:%M:%S GMT", &utc);
    memcpy(buffer, days + 3 * utc.tm_wday, 3);
    memcpy(buffer + 8, months + 3 * utc.tm_mon, 3);
    return 29;
}
