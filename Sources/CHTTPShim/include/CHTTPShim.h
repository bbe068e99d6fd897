// The Linux calls that the HTTP loop needs and Swift cannot make itself: unions, macros, variadics, socket addresses.
// Every function returns -errno when it fails. Descriptors are non-blocking and close-on-exec.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct http_event {
    uint32_t events;
    uint64_t key;
};

enum {
    HTTP_READABLE = 1,
    HTTP_WRITABLE = 2,
    // The peer will send nothing more, but may still read.
    HTTP_HALF_CLOSED = 4,
    // The connection is gone.
    HTTP_CLOSED = 8,
};

int http_poll_new(void);
// Watches for everything, edge-triggered.
int http_poll_add(int poll, int fd, uint64_t key);
// Watches a listener, level-triggered.
int http_poll_add_listener(int poll, int fd, uint64_t key);
int http_poll_remove(int poll, int fd);
// Waits at most `timeout_ms` (-1: for ever); fills `events` and returns how many.
int http_poll_wait(int poll, struct http_event *events, int max, int timeout_ms);

int http_wake_new(void);
void http_wake(int fd);
void http_wake_clear(int fd);

// Listens on a path; the socket's mode is 0600 from the start.
int http_listen_unix(const char *path, int backlog);
// Whether somebody listens on the path: 1 yes, 0 nobody (the socket is stale), -errno otherwise.
// `pid` is set to the listener's process when known.
int http_probe_unix(const char *path, pid_t *pid);
// Listens on a numeric IPv4 or IPv6 address. -EINVAL when it is not one.
int http_listen_tcp(const char *address, uint16_t port, int backlog);
int http_local_port(int fd);
// 1 when the numeric address is a loopback address, 0 when not, -EINVAL when it is no address.
int http_is_loopback(const char *address);

int http_accept(int listener);
// User id of the peer of a unix socket.
int http_peer_uid(int fd, uid_t *uid);
// Sends small answers at once.
void http_no_delay(int fd);

ssize_t http_send(int fd, const void *bytes, size_t count);
ssize_t http_receive(int fd, void *bytes, size_t count);
void http_shutdown_write(int fd);
void http_close(int fd);

// Takes the lock file of a server. Returns its descriptor, -EWOULDBLOCK when another process has it.
int http_lock_file(const char *path);
// Whether the path is a socket: 1, 0, -ENOENT.
int http_is_socket(const char *path);
int http_inode(const char *path, uint64_t *inode);

// Raises this process's limit of open descriptors to `wanted`, or as far as it may.
void http_allow_descriptors(uint64_t wanted);

int64_t http_monotonic_us(void);
// "Sun, 06 Nov 1994 08:49:37 GMT" for now; `buffer` holds at least 30 bytes. Returns the length.
int http_date(char *buffer);
