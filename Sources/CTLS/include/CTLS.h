// TLS over a socket that somebody else owns: what the HTTP server and client need of OpenSSL, without its macros.
// Sockets may be non-blocking; nothing here blocks, closes a descriptor, or raises SIGPIPE.
#pragma once
#include <stddef.h>
#include <sys/types.h>

typedef struct tls_context tls_context;
typedef struct tls_session tls_session;

enum {
    // The call is to be made again when the socket can be read, or written.
    TLS_WANTS_READ = -1,
    TLS_WANTS_WRITE = -2,
    // The connection is of no more use; `tls_reason` says why.
    TLS_BROKEN = -3,
};

// For servers: the certificate with its chain, and its key, in PEM. With `client_ca`, clients must show a certificate that
// one of those authorities signed. NULL when it cannot be had; `reason` then says why.
tls_context *tls_server_new(const char *certificate, const char *key, const char *client_ca, char *reason, size_t size);
// For clients: trusts the authorities in `ca`, or those of the system (NULL). `certificate` and `key` may be NULL.
tls_context *tls_client_new(const char *ca, const char *certificate, const char *key, char *reason, size_t size);
void tls_context_free(tls_context *context);

// A connection over `fd`; the context may be freed before it. `host` is the name or numeric address that the server's
// certificate must be for; NULL makes it the server's side. NULL when memory is out.
tls_session *tls_session_new(tls_context *context, int fd, const char *host);
void tls_session_free(tls_session *session);

// 0 when hands are shaken, otherwise one of the above.
int tls_handshake(tls_session *session);
// Whether hands are shaken.
int tls_is_greeted(const tls_session *session);
// More than 0: bytes; 0: the other side has ended; otherwise one of the above.
ssize_t tls_read(tls_session *session, void *bytes, size_t count);
ssize_t tls_write(tls_session *session, const void *bytes, size_t count);
// Whether decrypted bytes wait that no event of the socket will tell about.
int tls_has_pending(const tls_session *session);
// Says goodbye, as far as the socket takes it now.
void tls_goodbye(tls_session *session);

// Why the session is broken, in words; valid as long as the session.
const char *tls_reason(const tls_session *session);
