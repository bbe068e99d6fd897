// The members of the table as functions, which Swift can call.
#pragma once
#include "rpc.h"

static inline void rpc_set_log(const struct rpc_table *table, rpc_log log) {
    table->set_log(log);
}

static inline struct rpc_server *rpc_server_start(const struct rpc_table *table, const struct rpc_server_options *options, char *error, size_t error_count) {
    return table->server_start(options, error, error_count);
}

static inline void rpc_server_close(const struct rpc_table *table, struct rpc_server *server) {
    table->server_close(server);
}

static inline void rpc_server_stop(const struct rpc_table *table, struct rpc_server *server, int64_t drain_ms) {
    table->server_stop(server, drain_ms);
}

static inline void rpc_server_free(const struct rpc_table *table, struct rpc_server *server) {
    table->server_free(server);
}

static inline int32_t rpc_server_connections(const struct rpc_table *table, struct rpc_server *server) {
    return table->server_connections(server);
}

static inline void rpc_call_retain(const struct rpc_table *table, struct rpc_call *call) {
    table->call_retain(call);
}

static inline void rpc_call_release(const struct rpc_table *table, struct rpc_call *call) {
    table->call_release(call);
}

static inline enum rpc_end rpc_call_end(const struct rpc_table *table, struct rpc_call *call) {
    return table->call_end(call);
}

static inline const char *rpc_call_method(const struct rpc_table *table, struct rpc_call *call) {
    return table->call_method(call);
}

static inline int rpc_call_header(const struct rpc_table *table, struct rpc_call *call, const char *name, size_t index, const uint8_t **value, size_t *count) {
    return table->call_header(call, name, index, value, count);
}

static inline int64_t rpc_call_timeout_ms(const struct rpc_table *table, struct rpc_call *call) {
    return table->call_timeout_ms(call);
}

static inline void rpc_call_add_header(const struct rpc_table *table, struct rpc_call *call, const char *name, const char *value) {
    table->call_add_header(call, name, value);
}

static inline void rpc_call_send_head(const struct rpc_table *table, struct rpc_call *call) {
    table->call_send_head(call);
}

static inline int rpc_call_write(const struct rpc_table *table, struct rpc_call *call, const uint8_t *bytes, size_t count, int more, rpc_written written, void *context) {
    return table->call_write(call, bytes, count, more, written, context);
}

static inline int rpc_call_read(const struct rpc_table *table, struct rpc_call *call, rpc_received received, void *context) {
    return table->call_read(call, received, context);
}

static inline int rpc_call_finish(const struct rpc_table *table, struct rpc_call *call, const uint8_t *bytes, size_t count, int32_t code, const uint8_t *message, size_t message_count, const uint8_t *details, size_t details_count) {
    return table->call_finish(call, bytes, count, code, message, message_count, details, details_count);
}

static inline struct rpc_channel *rpc_channel_new(const struct rpc_table *table, const char *target, const struct rpc_tls *tls, const struct rpc_limits *limits) {
    return table->channel_new(target, tls, limits);
}

static inline void rpc_channel_free(const struct rpc_table *table, struct rpc_channel *channel) {
    table->channel_free(channel);
}

static inline void rpc_channel_wake(const struct rpc_table *table, struct rpc_channel *channel) {
    table->channel_wake(channel);
}

static inline struct rpc_request *rpc_request_new(const struct rpc_table *table, struct rpc_channel *channel, const char *method, const struct rpc_header *headers, size_t header_count, int64_t timeout_ms) {
    return table->request_new(channel, method, headers, header_count, timeout_ms);
}

static inline void rpc_request_free(const struct rpc_table *table, struct rpc_request *request) {
    table->request_free(request);
}

static inline void rpc_request_cancel(const struct rpc_table *table, struct rpc_request *request) {
    table->request_cancel(request);
}

static inline void rpc_request_unary(const struct rpc_table *table, struct rpc_request *request, const uint8_t *bytes, size_t count, struct rpc_result *result) {
    table->request_unary(request, bytes, count, result);
}

static inline int rpc_request_open(const struct rpc_table *table, struct rpc_request *request, const uint8_t *bytes, size_t count, const char *header) {
    return table->request_open(request, bytes, count, header);
}

static inline int rpc_request_next(const struct rpc_table *table, struct rpc_request *request, uint8_t **bytes, size_t *count) {
    return table->request_next(request, bytes, count);
}

static inline void rpc_request_finish(const struct rpc_table *table, struct rpc_request *request, struct rpc_result *result) {
    table->request_finish(request, result);
}

static inline void rpc_result_free(const struct rpc_table *table, struct rpc_result *result) {
    table->result_free(result);
}

static inline void rpc_bytes_free(const struct rpc_table *table, uint8_t *bytes) {
    table->bytes_free(bytes);
}
