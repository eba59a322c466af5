// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge/edge_private.h"

#include "api/route/problem.h"

#include <sodium.h>
#include <string.h>

struct token {
    const char *text;
    bool is_in_url; /* where proxies and browsers keep it: good enough for a public key only */
};

static enum err find_token(const struct http_request *request, unsigned tokens, struct token *ret,
                           struct fault *fault)
{
    const char *authorization = http_header(request, "authorization");
    enum err e = ERR_OK;
    *ret = (struct token){0};
    if (authorization && strncasecmp(authorization, "Bearer ", 7) == 0)
        ret->text = authorization + 7;
    else
        ret->text = http_header(request, "x-mete-key");
    if (!ret->text && request->query[0] && (tokens & ROUTE_TOKEN_URL)) {
        ret->text = http_query(request, "key", &e);
        ret->is_in_url = true;
    }
    if (e)
        return fault_set(fault, e, "", "the query holds a bad escape: key cannot be read");
    if (!ret->text)
        return fault_set(fault, ERR_UNAUTHORIZED, "", "send a key: Authorization: Bearer KEY");
    return ERR_OK;
}

/* How long it takes tells nothing about where they differ: all words are looked at. */
static bool is_same(const struct edge_token *a, const struct edge_token *b)
{
    uint64_t difference = 0;
    for (size_t i = 0; i < EDGE_TOKEN_WORDS; i++)
        difference |= a->words[i] ^ b->words[i];
    return difference == 0;
}

/* Most requests come with the key of the one before: its digest is kept, never whether it is known.
 */
static const struct snapshot_key *find_key(struct edge *e, const char *token)
{
    uint8_t sha256[crypto_hash_sha256_BYTES];
    struct edge_token kept = {0};
    size_t length = strlen(token);
    bool is_kept = length > 0 && length <= sizeof(kept.words);
    if (is_kept) {
        memcpy(kept.words, token, length);
        if (is_same(&kept, &e->last_token))
            return snapshot_feed_find_key(e->feed, e->last_sha256);
    }
    crypto_hash_sha256(sha256, (const unsigned char *)token, length);
    if (is_kept) {
        e->last_token = kept;
        memcpy(e->last_sha256, sha256, sizeof(sha256));
    }
    return snapshot_feed_find_key(e->feed, sha256);
}

/* A client key is public: the origins it is bound to keep other sites from using it in a browser.
 */
static bool is_allowed_origin(const struct snapshot *s, const char *origin)
{
    for (size_t i = 0; i < s->origin_count; i++)
        if (strcmp(s->origins[i], origin) == 0)
            return true;
    return s->origin_count == 0;
}

enum err edge_access(struct edge *e, struct http_request *request, struct edge_request *context,
                     struct fault *ret_fault)
{
    if (!snapshot_feed_is_ready(e->feed))
        return fault_set(ret_fault, ERR_UNAVAILABLE, "", "the configuration has not been read yet");
    context->generation = snapshot_feed_generation(e->feed);
    context->is_foreign = false;
    struct token token;
    enum err err = find_token(request, context->match.route->tokens, &token, ret_fault);
    if (err)
        return err;
    context->key = find_key(e, token.text);
    if (!context->key)
        return fault_set(ret_fault, ERR_UNAUTHORIZED, "", "the key is not known");
    context->environment_id = context->key->snapshot->environment_id;
    context->key_id = context->key->id;
    if (token.is_in_url && context->key->role != ROLE_CLIENT)
        return fault_set(ret_fault, ERR_FORBIDDEN, "",
                         "a secret key must not stand in a URL: send it in a header");
    if (context->key->role < context->match.route->role)
        return fault_set(ret_fault, ERR_FORBIDDEN, "", "the key may not do this");
    if (context->match.route->is_sending && !context->key->can_send)
        return fault_set(ret_fault, ERR_FORBIDDEN, "",
                         "a secret key sends events if it has the scope events (or backfill)");
    const char *origin = http_header(request, "origin");
    if (origin && context->key->role == ROLE_CLIENT &&
        !is_allowed_origin(context->key->snapshot, origin)) {
        context->is_foreign = true;
        return fault_set(ret_fault, ERR_FORBIDDEN, "", "the key is not allowed for this origin");
    }
    return ERR_OK;
}

void edge_note_refused(struct edge *e, const struct edge_request *context, enum refusal why,
                       const char *detail)
{
    struct fault fault;
    char name[32];
    if (!context->environment_id || !context->match.route || !context->match.route->is_sending)
        return;
    fault_set(&fault, ERR_LIMITED, "", "%s", detail);
    snprintf(name, sizeof(name), "key:%d", context->key_id);
    ingest_refuse_named(e->ingest, context->environment_id, why, &fault, name);
}

/* Whose pages they are wonders why nothing counts. */
static void note_origin(struct edge *e, const struct edge_request *context, const char *origin)
{
    struct fault fault;
    fault_set(&fault, ERR_FORBIDDEN, "", "the key is not allowed for this origin: %.200s", origin);
    ingest_refuse(e->ingest, context->key->snapshot->environment_id, REFUSAL_ORIGIN, &fault, NULL);
}

void edge_refuse(struct edge *e, struct http_request *request, const struct fault *fault)
{
    const struct edge_request *context = request->user;
    if (context->is_foreign && context->match.route->is_sending)
        note_origin(e, context, http_header(request, "origin"));
    problem_reply(request, fault);
}

void edge_cors(struct http_request *request)
{
    const char *origin = http_header(request, "origin");
    if (origin)
        http_reply_header(request, "Access-Control-Allow-Origin", origin);
    http_reply_line(request, "Vary: Origin\r\n");
}

void edge_preflight(struct http_request *request)
{
    http_reply_header(request, "Access-Control-Allow-Methods", "GET, POST, OPTIONS");
    http_reply_header(request, "Access-Control-Allow-Headers",
                      "authorization, content-encoding, content-type, x-mete-key, x-request-id");
    http_reply_header(request, "Access-Control-Max-Age", "86400");
    http_reply(request, 204, NULL, NULL, 0);
}
