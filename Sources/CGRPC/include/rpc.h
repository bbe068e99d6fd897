// The seam between Swift and a gRPC library: calls by name, bytes in and out, nothing of protobuf.
//
// The library is not linked but loaded (`rpc_load`), by servers and clients that want gRPC: it brings fifty shared
// libraries along, which would cost every start of the server tens of milliseconds.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Of this header; a library of another version is refused.
enum { RPC_VERSION = 2 };

struct rpc_server;
struct rpc_call;
struct rpc_channel;
struct rpc_request;

struct rpc_limits {
    // Bytes of one message.
    int32_t message_bytes;
    // Bytes of all headers of a call.
    int32_t metadata_bytes;
    // Calls of one connection at the same time.
    int32_t streams;
    int32_t connections;
    // Bytes that all connections and their messages may take.
    int64_t memory_bytes;
    // Silence after which a peer is asked whether it is there, and how long it may take to answer.
    int32_t keepalive_ms;
    int32_t keepalive_timeout_ms;
    // A client may not ask more often.
    int32_t ping_interval_ms;
    // Without a call, until the connection is closed.
    int32_t idle_ms;
    // From accepting a connection to its first settings.
    int32_t handshake_ms;
    // From the head of a call to its message.
    int32_t request_ms;
    // For a client to take one message of a stream.
    int32_t write_ms;
    // Between looks whether a certificate was renewed.
    int32_t certificate_look_ms;
};

// Paths of PEM files; each may be NULL. A server looks now and then whether they were renewed.
struct rpc_tls {
    const char *certificate;
    const char *key;
    // Whose certificates are accepted. A server with one demands a certificate of its clients.
    const char *authority;
    // Client: the name that the certificate is checked for, when it is not the target's.
    const char *server_name;
};

// Why a call was cancelled.
enum rpc_end { RPC_RUNS = 0, RPC_CLIENT_LEFT = 1, RPC_TIME_OVER = 2, RPC_TOO_SLOW = 3, RPC_STOPPED = 4 };

struct rpc_header {
    const char *name;
    const uint8_t *value;
    size_t count;
};

struct rpc_server_options {
    // A listening socket, non-blocking. It stays the caller's.
    int listener;
    // For unix sockets: only this user is let in.
    int checks_uid;
    uid_t uid;
    struct rpc_limits limits;
    // NULL for none.
    const struct rpc_tls *tls;

    void *context;
    // Whether the files of `tls` can be used, asked when they have changed: 0 leaves the old ones in use.
    int (*accepts_tls)(void *context);
    // A call has come, with its first message, or NULL when the client sends none. Comes on a thread of the library and may
    // not block it. The answer is kept with the call and handed to the next two.
    void *(*begin)(void *context, struct rpc_call *call, const uint8_t *bytes, size_t count);
    // At most once: nobody waits for the answer any more; `call_end` says why.
    void (*cancelled)(void *user);
    // Once, after everything else; the call is over.
    void (*done)(void *user);
};

typedef void (*rpc_log)(int severity, const char *text);
typedef void (*rpc_written)(void *context, int ok);
typedef void (*rpc_received)(void *context, const uint8_t *bytes, size_t count, int ok);

// How a call ended.
struct rpc_result {
    int32_t code;
    // Not terminated.
    uint8_t *message;
    size_t message_count;
    uint8_t *details;
    size_t details_count;
    // The answer of a unary call.
    uint8_t *body;
    size_t body_count;
};

struct rpc_table {
    int32_t version;

    // Where the library's own complaints go: severity 0 debug, 1 info, 2 error. NULL: nowhere.
    void (*set_log)(rpc_log log);

    // --- Server

    // Accepts connections until it is stopped. NULL when that cannot be, with the reason in `error`.
    struct rpc_server *(*server_start)(const struct rpc_server_options *options, char *error, size_t error_count);
    // Accepts nothing more.
    void (*server_close)(struct rpc_server *server);
    // Lets calls end until the drain is over, cancels what is left, ends what does not heed that within a second. Returns
    // when the last call is done.
    void (*server_stop)(struct rpc_server *server, int64_t drain_ms);
    void (*server_free)(struct rpc_server *server);
    int32_t (*server_connections)(struct rpc_server *server);

    // A call lives until both the library and whoever retained it are through with it.
    void (*call_retain)(struct rpc_call *call);
    void (*call_release)(struct rpc_call *call);
    enum rpc_end (*call_end)(struct rpc_call *call);
    // These only within `begin`.
    const char *(*call_method)(struct rpc_call *call);
    // The `index`th value of a header, by its lower-case name; 0 when there are not so many.
    int (*call_header)(struct rpc_call *call, const char *name, size_t index, const uint8_t **value, size_t *count);
    // Until the client gives up; -1 when it did not say.
    int64_t (*call_timeout_ms)(struct rpc_call *call);
    // Adds a header to the answer's head; without effect once that is sent. At any time.
    void (*call_add_header)(struct rpc_call *call, const char *name, const char *value);
    // Sends the answer's head before there is a message; for streams.
    void (*call_send_head)(struct rpc_call *call);

    // One write and one read at a time. 0 when the call is over: then `written` or `received` is not called.
    // `more` says that another write follows at once.
    int (*call_write)(
        struct rpc_call *call, const uint8_t *bytes, size_t count, int more, rpc_written written, void *context);
    int (*call_read)(struct rpc_call *call, rpc_received received, void *context);
    // Ends the call; `bytes` is a last message or NULL. Only the first counts: 0 for others.
    int (*call_finish)(
        struct rpc_call *call, const uint8_t *bytes, size_t count, int32_t code, const uint8_t *message,
        size_t message_count, const uint8_t *details, size_t details_count);

    // --- Client. Everything blocks.

    struct rpc_channel *(*channel_new)(
        const char *target, const struct rpc_tls *tls, const struct rpc_limits *limits);
    void (*channel_free)(struct rpc_channel *channel);
    // Tries at once to connect again, if it is not connected.
    void (*channel_wake)(struct rpc_channel *channel);

    // `timeout_ms` below 0: none.
    struct rpc_request *(*request_new)(
        struct rpc_channel *channel, const char *method, const struct rpc_header *headers, size_t header_count,
        int64_t timeout_ms);
    void (*request_free)(struct rpc_request *request);
    // From any thread.
    void (*request_cancel)(struct rpc_request *request);
    // Sends and waits for the answer.
    void (*request_unary)(
        struct rpc_request *request, const uint8_t *bytes, size_t count, struct rpc_result *result);
    // Sends and waits for the answer's head, or the end; then `request_next` as long as it gives 1, then
    // `request_finish`. 1 when the head has the header.
    int (*request_open)(struct rpc_request *request, const uint8_t *bytes, size_t count, const char *header);
    // The bytes are freed by `bytes_free`.
    int (*request_next)(struct rpc_request *request, uint8_t **bytes, size_t *count);
    void (*request_finish)(struct rpc_request *request, struct rpc_result *result);

    void (*result_free)(struct rpc_result *result);
    void (*bytes_free)(uint8_t *bytes);
};

// Loads the library. NULL when it cannot be had, with the reason in `error`. It is never unloaded.
const struct rpc_table *rpc_load(const char *path, char *error, size_t error_count);
