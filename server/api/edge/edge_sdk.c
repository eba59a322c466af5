// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge/edge_private.h"
#include "api/route/asset.h"
#include "api/route/problem.h"
#include "base/json/json.h"
#include "base/json/json_id.h"
#include "base/mem.h"

#include <string.h>
#include <strings.h>

/* A page that loads the SDK gets a new one within minutes, and asks with its ETag until then. */
#define CACHE_CONTROL "public, max-age=300, stale-while-revalidate=86400"

/* 13 months */
#define VISITOR_COOKIE_S (395 * 86400)

/* The path names the file: "/sdk.js". Pages of any origin may load it. */
void edge_sdk(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    const struct asset *asset =
        asset_find(arena_printf(request->arena, "sdk%s", match->route->path));
    must(asset);
    http_reply_header(request, "Cross-Origin-Resource-Policy", "cross-origin");
    asset_reply(request, asset, CACHE_CONTROL);
}

/* A client key is public, and so is all of this. */
void edge_config(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    (void)match;
    const struct edge_request *context = request->user;
    const struct snapshot *s = context->key->snapshot;
    const char *etag =
        arena_printf(request->arena, "\"%lld-%d\"", (long long)s->version, s->environment_id);
    const char *known = http_header(request, "if-none-match");
    http_reply_header(request, "Cache-Control", "private, max-age=5, stale-while-revalidate=60");
    http_reply_header(request, "ETag", etag);
    if (known && strstr(known, etag))
        http_reply(request, 304, NULL, "", 0);
    else
        edge_reply_prepared(request, &s->config, &s->config_gzip);
}

static const struct json_limits limits = {.bytes = 4096, .depth = 2, .nodes = 8};

/* "shop.example", of which the request's host is a part. What is nobody's own (co.uk) is for the
 * browser to refuse. */
static bool is_domain_of(const char *domain, const struct http_request *request)
{
    const char *host = http_header(request, "host");
    size_t host_length = strcspn(host ? host : "", ":"), length = strlen(domain);
    return strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789-.") == length &&
           strchr(domain, '.') && length <= host_length &&
           strncasecmp(host + host_length - length, domain, length) == 0 &&
           (length == host_length || host[host_length - length - 1] == '.');
}

static enum err read_visitor(const json_t *body, const struct http_request *request,
                             const struct junk_ids *junk_ids, const char **ret_id,
                             const char **ret_domain, struct fault *fault)
{
    char digits[JSON_ID_DIGITS];
    size_t length;
    const char *id = json_id_text(json_object_get(body, "visitor_id"), digits, &length);
    const json_t *domain = json_object_get(body, "domain");
    if (!id || !text_is_id(id, length))
        return fault_set(fault, ERR_INVALID, "/visitor_id", "must be 1 to 256 bytes of text");
    if (junk_ids_hold(junk_ids, id))
        return fault_set(fault, ERR_INVALID, "/visitor_id", "is nobody's id");
    *ret_id = arena_strndup(request->arena, id, length);
    *ret_domain = json_string_value(domain);
    if (*ret_domain && !is_domain_of(*ret_domain, request))
        return fault_set(fault, ERR_INVALID, "/domain", "must be a part of this host's name");
    return ERR_OK;
}

static void add_escaped(struct buf *b, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    for (; *text; text++) {
        if (strchr(plain, *text))
            buf_add_char(b, *text);
        else
            buf_printf(b, "%%%02X", (unsigned char)*text);
    }
}

/* Browsers keep cookies of replies for as long as asked, those of scripts for a week. */
void edge_visitor(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    const struct edge *e = arg;
    const struct edge_request *context = request->user;
    const struct junk_ids *junk_ids = &context->key->snapshot->junk_ids;
    const char *id = NULL, *domain = NULL;
    struct fault fault;
    auto_json json_t *body = json_parse(request->body, request->body_bytes, &limits, NULL, &fault);
    if (!body || read_visitor(body, request, junk_ids, &id, &domain, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    auto_buf struct buf cookie = {0};
    buf_add_str(&cookie, "mete_id=");
    add_escaped(&cookie, id);
    buf_printf(&cookie, "; Path=/; Max-Age=%d; SameSite=Lax", VISITOR_COOKIE_S);
    if (domain)
        buf_printf(&cookie, "; Domain=%s", domain);
    if (request->is_tls || guard_is_tls(e->guard, request))
        buf_add_str(&cookie, "; Secure");
    http_reply_header(request, "Set-Cookie", cookie.data);
    http_reply(request, 204, NULL, NULL, 0);
}
