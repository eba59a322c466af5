// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * TLS 1.2 and 1.3 for the HTTP server, by OpenSSL: a certificate with its key, and what one
 * connection needs to speak by it. Sockets stay non-blocking; nothing here waits. Sessions are
 * resumed by tickets that every process of the server can read; their key changes with the day.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLS_SECRET_BYTES 32

struct tls;
struct tls_stream;

/* Reads a certificate (with its chain) and its key, both PEM. 'secret' is the same in all processes
 * of a server. Returns a reference, or NULL with a fault: no such file, or one that does not fit
 * the other. */
struct tls *tls_new(const char *certificate, const char *key,
                    const uint8_t secret[TLS_SECRET_BYTES], struct fault *ret_fault) must_use;
struct tls *tls_ref(struct tls *t);
/* Gives a reference back. NULL does nothing. */
void tls_unref(struct tls *t);
/* When the certificate ends, in seconds since 1970. */
int64_t tls_expires_s(const struct tls *t);

enum tls_want {
    TLS_WANTS_NOTHING,
    TLS_WANTS_READ,  /* again when the socket can be read */
    TLS_WANTS_WRITE, /* again when it can be written, also for a read */
    TLS_ENDED,       /* the peer has said that nothing more comes */
    TLS_BROKEN,
    TLS_IS_PLAIN /* the peer speaks HTTP without TLS */
};

/* For a socket that was just accepted; the handshake comes with the first reads. Keeps what it
 * needs of 't'. */
struct tls_stream *tls_stream_new(struct tls *t, int fd);
/* Says goodbye, if it can without waiting. The socket stays open. NULL does nothing. */
void tls_stream_free(struct tls_stream *s);
/* Says goodbye in this direction alone. */
void tls_stream_shut(struct tls_stream *s);
bool tls_stream_is_open(const struct tls_stream *s); /* the handshake is over */
/* Bytes have come that no event will tell of. */
bool tls_stream_has_more(const struct tls_stream *s);
/* How much was read or written; when 0, *ret_want says why. A write that wanted must be repeated
 * with the same bytes, and perhaps more. */
size_t tls_stream_read(struct tls_stream *s, void *to, size_t room, enum tls_want *ret_want);
size_t tls_stream_write(struct tls_stream *s, const void *from, size_t length,
                        enum tls_want *ret_want);
