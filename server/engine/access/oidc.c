// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/access/oidc.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "engine/access/oidc_http.h"
#include "io/net/thread_pool.h"

#include <curl/curl.h>
#include <sodium.h>
#include <string.h>

#define DESCRIPTION  "/.well-known/openid-configuration"
#define WAITING_MOST 8
#define DESCRIBED_US (3600 * SECOND_US)
#define KEYS_AGAIN_US                                                                              \
    (60 * SECOND_US) /* tokens that name unknown keys ask for new ones so often                    \
                      */
#define EMAIL_SIZE 256

struct oidc {
    struct oidc_options options;
    struct thread_pool *pool;
    size_t waiting;
    /* Of the thread alone: */
    json_t *description; /* or NULL */
    json_t *keys;        /* or NULL */
    int64_t described_us, keys_us;
};

struct work {
    struct oidc *oidc;
    char *code; /* NULL: it begins */
    struct oidc_binding binding;
    json_t *claims;
    char *endpoint;
    char email[EMAIL_SIZE];
    struct oidc_answer answer;
    oidc_fn *fn;
    void *arg;
};

struct oidc *oidc_new(struct loop *l, const struct oidc_options *options)
{
    struct oidc *o = mem_zalloc(sizeof(*o));
    must(curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK);
    o->options = *options;
    o->pool = thread_pool_new(l);
    return o;
}

void oidc_free(struct oidc *o)
{
    if (!o)
        return;
    thread_pool_free(o->pool);
    json_decref(o->description);
    json_decref(o->keys);
    mem_free(o);
}

void oidc_bind(const char *token, struct oidc_binding *ret)
{
    uint8_t secret[TOKEN_SECRET_BYTES], hash[TOKEN_HASH_BYTES];
    token_hash(token, secret);
    token_sign(secret, "state", 5, ret->state);
    token_sign(secret, "nonce", 5, ret->nonce);
    token_sign(secret, "verifier", 8, ret->verifier);
    token_hash(ret->verifier, hash);
    sodium_bin2base64(ret->challenge, sizeof(ret->challenge), hash, sizeof(hash),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* A provider that is reached by TLS sends nobody, and no secret, where there is none. */
static const char *endpoint_of(const struct oidc *o, const char *name, struct fault *fault)
{
    const char *url = json_string_value(json_object_get(o->description, name));
    bool is_tls = strncmp(o->options.issuer, "https://", 8) == 0;
    if (url && strncmp(url, is_tls ? "https://" : "http", is_tls ? 8 : 4) == 0)
        return url;
    fault_set(fault, ERR_UNAVAILABLE, "", "the provider's description has no %s that can be used",
              name);
    return NULL;
}

static enum err describe(struct oidc *o, struct fault *fault)
{
    long status;
    auto_buf struct buf url = {0};
    if (o->description && clock_mono_us() - o->described_us < DESCRIBED_US)
        return ERR_OK;
    size_t length = strlen(o->options.issuer);
    while (length > 0 && o->options.issuer[length - 1] == '/')
        length--;
    buf_add(&url, o->options.issuer, length);
    buf_add_str(&url, DESCRIPTION);
    auto_json json_t *found = oidc_http_ask(&(struct oidc_http){.url = url.data}, &status, fault);
    if (!found)
        return fault->code;
    const char *issuer = json_string_value(json_object_get(found, "issuer"));
    if (status != 200 || !issuer || strcmp(issuer, o->options.issuer) != 0)
        return fault_set(fault, ERR_UNAVAILABLE, "", "%s describes another issuer: '%s'", url.data,
                         issuer ? issuer : "");
    json_decref(o->description);
    o->description = json_incref(found);
    o->described_us = clock_mono_us();
    return ERR_OK;
}

/* Asks for the keys where there are none, where they are old (the provider may have withdrawn one),
 * or where newer ones are wanted and may be asked for. */
static enum err fetch_keys(struct oidc *o, bool wants_newer, struct fault *fault)
{
    long status;
    if (o->keys && clock_mono_us() - o->keys_us < (wants_newer ? KEYS_AGAIN_US : DESCRIBED_US))
        return ERR_OK;
    const char *url = endpoint_of(o, "jwks_uri", fault);
    auto_json json_t *found =
        url ? oidc_http_ask(&(struct oidc_http){.url = url}, &status, fault) : NULL;
    const json_t *keys = json_object_get(found, "keys");
    if (!found)
        return fault->code;
    if (!json_is_array(keys))
        return fault_set(fault, ERR_UNAVAILABLE, "", "%s holds no keys", url);
    json_decref(o->keys);
    o->keys = json_deep_copy(keys);
    o->keys_us = clock_mono_us();
    return ERR_OK;
}

/* RFC 6749, 2.3.1: id and secret are escaped before they are joined. */
static char *escape(const char *text)
{
    char *escaped = curl_easy_escape(NULL, text, (int)strlen(text));
    must(escaped);
    return escaped;
}

static bool takes_basic(const struct oidc *o)
{
    const json_t *methods =
        json_object_get(o->description, "token_endpoint_auth_methods_supported");
    bool takes = !json_is_array(methods);
    for (size_t i = 0; i < json_array_size(methods); i++) {
        const char *method = json_string_value(json_array_get(methods, i));
        takes = takes || (method && strcmp(method, "client_secret_basic") == 0);
    }
    return takes;
}

/* Changes the code into tokens, a new reference. */
static json_t *redeem(struct work *w, struct fault *fault)
{
    const struct oidc_options *o = &w->oidc->options;
    auto_buf struct buf form = {0};
    long status;
    const char *url = endpoint_of(w->oidc, "token_endpoint", fault);
    if (!url)
        return NULL;
    oidc_http_add(&form, "grant_type", "authorization_code");
    oidc_http_add(&form, "code", w->code);
    oidc_http_add(&form, "redirect_uri", o->redirect_uri);
    oidc_http_add(&form, "code_verifier", w->binding.verifier);
    bool is_basic = o->client_secret[0] && takes_basic(w->oidc);
    char *id = escape(o->client_id), *secret = escape(o->client_secret);
    struct oidc_http request = {.url = url};
    if (is_basic) {
        request.user = id;
        request.secret = secret;
    } else {
        oidc_http_add(&form, "client_id", o->client_id);
        if (o->client_secret[0])
            oidc_http_add(&form, "client_secret", o->client_secret);
    }
    request.form = form.data;
    json_t *tokens = oidc_http_ask(&request, &status, fault);
    curl_free(id);
    curl_free(secret);
    if (!tokens || status == 200)
        return tokens;
    const char *error = json_string_value(json_object_get(tokens, "error"));
    bool is_stale = error && strcmp(error, "invalid_grant") == 0;
    fault_set(fault, is_stale ? ERR_FORBIDDEN : ERR_UNAVAILABLE, "", "%s: status %ld, %s", url,
              status, error ? error : "no reason");
    json_decref(tokens);
    return NULL;
}

/* Claims of scopes may stand at the userinfo endpoint instead (Core, 5.4); they count if they are
 * of the same person. */
static enum err add_userinfo(struct work *w, const json_t *tokens, struct fault *fault)
{
    long status;
    const char *bearer = json_string_value(json_object_get(tokens, "access_token"));
    if (json_object_get(w->claims, "email") || !bearer ||
        !json_object_get(w->oidc->description, "userinfo_endpoint"))
        return ERR_OK;
    const char *url = endpoint_of(w->oidc, "userinfo_endpoint", fault);
    auto_json json_t *found =
        url ? oidc_http_ask(&(struct oidc_http){.url = url, .bearer = bearer}, &status, fault)
            : NULL;
    if (!found)
        return fault->code;
    if (status != 200)
        return fault_set(fault, ERR_UNAVAILABLE, "", "%s: status %ld", url, status);
    if (!json_equal(json_object_get(found, "sub"), json_object_get(w->claims, "sub")))
        return fault_set(fault, ERR_FORBIDDEN, "", "userinfo is about somebody else");
    return json_object_update_missing(w->claims, found) == 0 ? ERR_OK : ERR_INTERNAL;
}

static enum err finish(struct work *w, struct fault *fault)
{
    const struct oidc_options *o = &w->oidc->options;
    auto_json json_t *tokens = redeem(w, fault);
    const char *token = json_string_value(json_object_get(tokens, "id_token"));
    if (!tokens)
        return fault->code;
    if (!token)
        return fault_set(fault, ERR_UNAVAILABLE, "", "the provider gave no ID token");
    const struct oidc_expected expected = {o->issuer, o->client_id, w->binding.nonce,
                                           clock_wall_us() / SECOND_US};
    enum err e = fetch_keys(w->oidc, false, fault);
    w->claims = e ? NULL : oidc_token_read(token, w->oidc->keys, &expected, fault);
    if (!e && !w->claims && fault->code == ERR_NOT_FOUND) {
        e = fetch_keys(w->oidc, true, fault);
        w->claims = e ? NULL : oidc_token_read(token, w->oidc->keys, &expected, fault);
    }
    if (!w->claims)
        return fault->code == ERR_UNAVAILABLE ? fault->code : (fault->code = ERR_FORBIDDEN);
    e = add_userinfo(w, tokens, fault);
    return e ? e : oidc_person_read(w->claims, w->email, &w->answer.person, fault);
}

static enum err begin(struct work *w, struct fault *fault)
{
    const char *url = endpoint_of(w->oidc, "authorization_endpoint", fault);
    auto_buf struct buf b = {0};
    if (!url)
        return fault->code;
    buf_printf(&b, "%s%s", url, strchr(url, '?') ? "&" : "?");
    w->endpoint = mem_strdup(b.data);
    w->answer.endpoint = w->endpoint;
    return ERR_OK;
}

static void work(void *arg)
{
    struct work *w = arg;
    struct fault fault = {0};
    enum err e = describe(w->oidc, &fault);
    e = e ? e : w->code ? finish(w, &fault) : begin(w, &fault);
    w->answer.fault = fault;
    w->answer.fault.code = e;
}

static void done(void *arg)
{
    struct work *w = arg;
    w->oidc->waiting--;
    w->fn(w->arg, &w->answer);
    json_decref(w->claims);
    mem_free(w->endpoint);
    mem_free(w->code);
    mem_free(w);
}

static enum err send_work(struct oidc *o, const char *code, const struct oidc_binding *binding,
                          oidc_fn *fn, void *arg)
{
    if (o->waiting >= WAITING_MOST)
        return ERR_BUSY;
    struct work *w = mem_zalloc(sizeof(*w));
    *w = (struct work){.oidc = o, .code = code ? mem_strdup(code) : NULL, .fn = fn, .arg = arg};
    if (binding)
        w->binding = *binding;
    o->waiting++;
    thread_pool_send(o->pool, work, done, w);
    return ERR_OK;
}

enum err oidc_begin(struct oidc *o, oidc_fn *fn, void *arg)
{
    return send_work(o, NULL, NULL, fn, arg);
}

enum err oidc_finish(struct oidc *o, const char *code, const struct oidc_binding *binding,
                     oidc_fn *fn, void *arg)
{
    return send_work(o, code, binding, fn, arg);
}
