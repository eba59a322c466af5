// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/net/tls.h"

#include "base/clock.h"
#include "base/mem.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <string.h>

#define TICKET_KEY_BYTES 80

struct tls {
    unsigned references;
    SSL_CTX *context;
    uint8_t secret[TLS_SECRET_BYTES];
    int32_t ticket_day; /* whose ticket key is in use */
    int64_t expires_s;
};

struct tls_stream {
    SSL *ssl;
    bool is_broken; /* OpenSSL wants nothing more to be done with it */
};

/* We speak HTTP/1.1. Who offers something else alone must hear that, not HTTP/1.1 unasked. */
static int choose_protocol(SSL *ssl, const unsigned char **ret, unsigned char *ret_length,
                           const unsigned char *offered, unsigned int length, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    (void)ssl;
    (void)arg;
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, ret_length, ours, sizeof(ours) - 1, offered, length) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *ret = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static void set_ticket_key(struct tls *t)
{
    uint8_t key[TICKET_KEY_BYTES + 48];
    int32_t day = clock_day(clock_wall_us());
    if (t->ticket_day == day)
        return;
    for (unsigned part = 0; part < 2; part++) {
        const uint8_t message[8] = {(uint8_t)part, (uint8_t)day, (uint8_t)(day >> 8),
                                    (uint8_t)(day >> 16)};
        crypto_generichash(key + (size_t)part * 64, 64, message, sizeof(message), t->secret,
                           sizeof(t->secret));
    }
    must(SSL_CTX_set_tlsext_ticket_keys(t->context, key, TICKET_KEY_BYTES) == 1);
    sodium_memzero(key, sizeof(key));
    t->ticket_day = day;
}

static SSL_CTX *context_new(void)
{
    static const unsigned char name[] = "mete";
    SSL_CTX *c = SSL_CTX_new(TLS_server_method());
    must(c);
    must(SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1);
    SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                            SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
    must(SSL_CTX_set_session_id_context(c, name, sizeof(name) - 1) == 1);
    /* Ciphers of TLS 1.2: forward secret and authenticated. */
    must(SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1);
    SSL_CTX_set_alpn_select_cb(c, choose_protocol, NULL);
    return c;
}

static enum err failed(const char *what, const char *path, struct fault *fault)
{
    unsigned long code = ERR_peek_error();
    const char *reason = ERR_reason_error_string(code);
    return fault_set(fault, ERR_INVALID, "", "%s '%s' cannot be used: %s", what, path,
                     ERR_SYSTEM_ERROR(code) ? strerror(ERR_GET_REASON(code))
                     : reason               ? reason
                                            : "it is not PEM");
}

static int refuse_passphrase(char *buf, int size, int is_writing, void *arg)
{
    (void)buf;
    (void)size;
    (void)is_writing;
    (void)arg;
    return -1;
}

static enum err load(struct tls *t, const char *certificate, const char *key, struct fault *fault)
{
    ERR_clear_error();
    SSL_CTX_set_default_passwd_cb(t->context, refuse_passphrase);
    if (SSL_CTX_use_certificate_chain_file(t->context, certificate) != 1)
        return failed("the certificate", certificate, fault);
    if (SSL_CTX_use_PrivateKey_file(t->context, key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(t->context) != 1)
        return failed("the key", key, fault);
    struct tm until;
    must(ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(t->context)), &until) == 1);
    t->expires_s = timegm(&until);
    return ERR_OK;
}

struct tls *tls_new(const char *certificate, const char *key,
                    const uint8_t secret[TLS_SECRET_BYTES], struct fault *ret_fault)
{
    struct tls *t = mem_zalloc(sizeof(*t));
    t->references = 1;
    t->context = context_new();
    t->ticket_day = -1;
    memcpy(t->secret, secret, sizeof(t->secret));
    if (load(t, certificate, key, ret_fault)) {
        ERR_clear_error();
        tls_unref(t);
        return NULL;
    }
    return t;
}

struct tls *tls_ref(struct tls *t)
{
    t->references++;
    return t;
}

void tls_unref(struct tls *t)
{
    if (!t || --t->references > 0)
        return;
    SSL_CTX_free(t->context);
    sodium_memzero(t->secret, sizeof(t->secret));
    mem_free(t);
}

int64_t tls_expires_s(const struct tls *t)
{
    return t->expires_s;
}

struct tls_stream *tls_stream_new(struct tls *t, int fd)
{
    struct tls_stream *s = mem_zalloc(sizeof(*s));
    set_ticket_key(t);
    s->ssl = SSL_new(t->context);
    must(s->ssl && SSL_set_fd(s->ssl, fd) == 1);
    SSL_set_accept_state(s->ssl);
    return s;
}

void tls_stream_shut(struct tls_stream *s)
{
    if (s->is_broken || !SSL_is_init_finished(s->ssl))
        return;
    ERR_clear_error();
    (void)SSL_shutdown(s->ssl);
    ERR_clear_error();
}

void tls_stream_free(struct tls_stream *s)
{
    if (!s)
        return;
    if (!(SSL_get_shutdown(s->ssl) & SSL_SENT_SHUTDOWN))
        tls_stream_shut(s);
    SSL_free(s->ssl);
    mem_free(s);
}

bool tls_stream_is_open(const struct tls_stream *s)
{
    return SSL_is_init_finished(s->ssl);
}

bool tls_stream_has_more(const struct tls_stream *s)
{
    return !s->is_broken && SSL_has_pending(s->ssl);
}

static enum tls_want want_of(struct tls_stream *s, int result)
{
    switch (SSL_get_error(s->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return TLS_WANTS_READ;
    case SSL_ERROR_WANT_WRITE:
        return TLS_WANTS_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return TLS_ENDED;
    default:
        break;
    }
    s->is_broken = true;
    return ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST ? TLS_IS_PLAIN : TLS_BROKEN;
}

static enum tls_want finish(struct tls_stream *s, int result)
{
    enum tls_want want = result > 0 ? TLS_WANTS_NOTHING : want_of(s, result);
    if (result <= 0)
        ERR_clear_error();
    return want;
}

size_t tls_stream_read(struct tls_stream *s, void *to, size_t room, enum tls_want *ret_want)
{
    size_t count = 0;
    ERR_clear_error();
    *ret_want = finish(s, SSL_read_ex(s->ssl, to, room, &count));
    return count;
}

size_t tls_stream_write(struct tls_stream *s, const void *from, size_t length,
                        enum tls_want *ret_want)
{
    size_t count = 0;
    ERR_clear_error();
    *ret_want = finish(s, SSL_write_ex(s->ssl, from, length, &count));
    return count;
}
