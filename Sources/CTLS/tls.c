#define _GNU_SOURCE
#include "CTLS.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct tls_context {
    SSL_CTX *ssl;
};

struct tls_session {
    SSL *ssl;
    char reason[256];
};

// Sockets: OpenSSL's own use write(2), which raises SIGPIPE.

static int socket_write(BIO *bio, const char *bytes, int count) {
    BIO_clear_retry_flags(bio);
    ssize_t sent;
    do sent = send((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)count, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) BIO_set_retry_write(bio);
    return (int)sent;
}

static int socket_read(BIO *bio, char *bytes, int count) {
    BIO_clear_retry_flags(bio);
    ssize_t taken;
    do taken = recv((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)count, 0);
    while (taken < 0 && errno == EINTR);
    if (taken < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) BIO_set_retry_read(bio);
    if (taken == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return (int)taken;
}

static long socket_control(BIO *bio, int command, long number, void *pointer) {
    (void)number;
    (void)pointer;
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return 0;
}

static BIO_METHOD *method;
static pthread_once_t method_once = PTHREAD_ONCE_INIT;

// OpenSSL has room for about a hundred kinds of these in a process, so there is one for all.
static void make_method(void) {
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (!method) return;
    BIO_meth_set_write(method, socket_write);
    BIO_meth_set_read(method, socket_read);
    BIO_meth_set_ctrl(method, socket_control);
}

// Contexts

static void *fail(tls_context *context, char *reason, size_t size, const char *what) {
    unsigned long code = ERR_get_error();
    const char *why = code ? ERR_reason_error_string(code) : NULL;
    // A file that is not there is reported as a system error, which has no reason string.
    if (code && ERR_SYSTEM_ERROR(code)) why = strerror(ERR_GET_REASON(code));
    snprintf(reason, size, "%s: %s", what, why ? why : "unknown error");
    ERR_clear_error();
    tls_context_free(context);
    return NULL;
}

static tls_context *context_new(const SSL_METHOD *side) {
    pthread_once(&method_once, make_method);
    tls_context *context = calloc(1, sizeof *context);
    if (!context) return NULL;
    context->ssl = SSL_CTX_new(side);
    if (!context->ssl || !method || !SSL_CTX_set_min_proto_version(context->ssl, TLS1_2_VERSION)) {
        tls_context_free(context);
        return NULL;
    }
    SSL_CTX_set_options(context->ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // A write that was cut short is made again from a buffer that may have moved.
    SSL_CTX_set_mode(
        context->ssl,
        SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    return context;
}

static int use_certificate(tls_context *context, const char *certificate, const char *key) {
    return SSL_CTX_use_certificate_chain_file(context->ssl, certificate) == 1 &&
           SSL_CTX_use_PrivateKey_file(context->ssl, key, SSL_FILETYPE_PEM) == 1 &&
           SSL_CTX_check_private_key(context->ssl) == 1;
}

// Prefers HTTP/1.1, which is what is spoken here; a client that offers other protocols only is refused.
static int choose_protocol(
    SSL *ssl, const unsigned char **out, unsigned char *count, const unsigned char *in, unsigned int in_count, void *unused) {
    (void)ssl;
    (void)unused;
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, count, ours, sizeof ours - 1, in, in_count) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

tls_context *tls_server_new(
    const char *certificate, const char *key, const char *client_ca, char *reason, size_t size) {
    ERR_clear_error();
    tls_context *context = context_new(TLS_server_method());
    if (!context) return fail(NULL, reason, size, "TLS cannot be set up");
    if (!use_certificate(context, certificate, key)) return fail(context, reason, size, "the certificate or its key");
    SSL_CTX_set_alpn_select_cb(context->ssl, choose_protocol, NULL);
    // Connections are kept, so tickets would save little; and a client that looks for unasked bytes sees none.
    SSL_CTX_set_num_tickets(context->ssl, 0);
    SSL_CTX_set_session_cache_mode(context->ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context->ssl, SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
    if (client_ca) {
        STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(client_ca);
        if (!names || SSL_CTX_load_verify_locations(context->ssl, client_ca, NULL) != 1) {
            sk_X509_NAME_pop_free(names, X509_NAME_free);
            return fail(context, reason, size, "the authorities of clients");
        }
        SSL_CTX_set_client_CA_list(context->ssl, names);
        SSL_CTX_set_verify(context->ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    return context;
}

tls_context *tls_client_new(const char *ca, const char *certificate, const char *key, char *reason, size_t size) {
    ERR_clear_error();
    tls_context *context = context_new(TLS_client_method());
    if (!context) return fail(NULL, reason, size, "TLS cannot be set up");
    int trusts = ca ? SSL_CTX_load_verify_locations(context->ssl, ca, NULL) : SSL_CTX_set_default_verify_paths(context->ssl);
    if (trusts != 1) return fail(context, reason, size, "the authorities to trust");
    if (certificate && !use_certificate(context, certificate, key ? key : certificate))
        return fail(context, reason, size, "the certificate or its key");
    SSL_CTX_set_verify(context->ssl, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_alpn_protos(context->ssl, (const unsigned char *)"\x08http/1.1", 9);
    return context;
}

void tls_context_free(tls_context *context) {
    if (!context) return;
    SSL_CTX_free(context->ssl);
    free(context);
}

// Sessions

static int expect(SSL *ssl, const char *host) {
    struct in6_addr room;
    if (inet_pton(AF_INET, host, &room) == 1 || inet_pton(AF_INET6, host, &room) == 1)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set_tlsext_host_name(ssl, host) && SSL_set1_host(ssl, host);
}

tls_session *tls_session_new(tls_context *context, int fd, const char *host) {
    tls_session *session = calloc(1, sizeof *session);
    if (!session) return NULL;
    session->ssl = SSL_new(context->ssl);
    BIO *bio = BIO_new(method);
    if (!session->ssl || !bio || (host && !expect(session->ssl, host))) {
        BIO_free(bio);
        tls_session_free(session);
        return NULL;
    }
    BIO_set_data(bio, (void *)(intptr_t)fd);
    BIO_set_init(bio, 1);
    SSL_set_bio(session->ssl, bio, bio);
    if (host)
        SSL_set_connect_state(session->ssl);
    else
        SSL_set_accept_state(session->ssl);
    return session;
}

void tls_session_free(tls_session *session) {
    if (!session) return;
    SSL_free(session->ssl);
    free(session);
}

static int outcome(tls_session *session, int result) {
    int error = SSL_get_error(session->ssl, result);
    if (error == SSL_ERROR_WANT_READ) return TLS_WANTS_READ;
    if (error == SSL_ERROR_WANT_WRITE) return TLS_WANTS_WRITE;
    if (error == SSL_ERROR_ZERO_RETURN) return 0;
    unsigned long code = ERR_peek_last_error();
    long verified = SSL_get_verify_result(session->ssl);
    const char *why = code ? ERR_reason_error_string(code) : "the connection ended";
    if (verified != X509_V_OK) why = X509_verify_cert_error_string(verified);
    snprintf(session->reason, sizeof session->reason, "%s", why ? why : "unknown error");
    ERR_clear_error();
    return TLS_BROKEN;
}

int tls_handshake(tls_session *session) {
    ERR_clear_error();
    int result = SSL_do_handshake(session->ssl);
    if (result == 1) return 0;
    int told = outcome(session, result);
    // An orderly end in the middle of the greeting is none.
    return told == 0 ? TLS_BROKEN : told;
}

int tls_is_greeted(const tls_session *session) { return SSL_is_init_finished(session->ssl); }

ssize_t tls_read(tls_session *session, void *bytes, size_t count) {
    ERR_clear_error();
    size_t taken = 0;
    int result = SSL_read_ex(session->ssl, bytes, count, &taken);
    return result == 1 ? (ssize_t)taken : outcome(session, result);
}

ssize_t tls_write(tls_session *session, const void *bytes, size_t count) {
    ERR_clear_error();
    size_t sent = 0;
    int result = SSL_write_ex(session->ssl, bytes, count, &sent);
    if (result == 1) return (ssize_t)sent;
    int told = outcome(session, result);
    return told == 0 ? TLS_BROKEN : told;
}

int tls_has_pending(const tls_session *session) { return SSL_pending(session->ssl) > 0; }

void tls_goodbye(tls_session *session) {
    ERR_clear_error();
    // OpenSSL forbids it after a failure, and before the greeting there is nothing to say goodbye to.
    if (session->reason[0] || !SSL_is_init_finished(session->ssl)) return;
    SSL_shutdown(session->ssl);
    ERR_clear_error();
}

const char *tls_reason(const tls_session *session) { return session->reason[0] ? session->reason : "the connection ended"; }
