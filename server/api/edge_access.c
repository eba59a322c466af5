// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge_private.h"

#include <sodium.h>
#include <string.h>

/* NULL: none given. */
static const char *find_token(const struct http_request *request)
{
    const char *authorization = http_header(request, "authorization");
    if (authorization && strncasecmp(authorization, "Bearer ", 7) == 0)
        return authorization + 7;
    const char *own = http_header(request, "x-mete-key");
    return own ? own : request->query[0] ? http_query(request, "key", NULL) : NULL;
}

/* A client key is public: the origins it is bound to keep other sites from using it in a browser.
 */
static bool is_allowed_origin(const struct snapshot_environment *e, const char *origin)
{
    for (size_t i = 0; i < e->origin_count; i++)
        if (strcmp(e->origins[i], origin) == 0)
            return true;
    return e->origin_count == 0;
}

enum err edge_access(struct edge *e, struct http_request *request, struct edge_request *context,
                     struct fault *ret_fault)
{
    context->snapshot = snapshot_feed_current(e->feed);
    if (!context->snapshot)
        return fault_set(ret_fault, ERR_UNAVAILABLE, "", "the configuration has not been read yet");
    context->snapshot_version = context->snapshot->version;
    const char *token = find_token(request);
    if (!token)
        return fault_set(ret_fault, ERR_UNAUTHORIZED, "", "send a key: Authorization: Bearer KEY");
    uint8_t sha256[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(sha256, (const unsigned char *)token, strlen(token));
    context->key = snapshot_find_key(context->snapshot, sha256);
    if (!context->key)
        return fault_set(ret_fault, ERR_UNAUTHORIZED, "", "the key is not known");
    if ((int)context->key->role < context->match.route->role)
        return fault_set(ret_fault, ERR_FORBIDDEN, "", "the key may not do this");
    const char *origin = http_header(request, "origin");
    if (origin && context->key->role == ROLE_CLIENT &&
        !is_allowed_origin(context->key->environment, origin))
        return fault_set(ret_fault, ERR_FORBIDDEN, "", "the key is not allowed for this origin");
    return ERR_OK;
}

void edge_cors(struct http_request *request)
{
    const char *origin = http_header(request, "origin");
    if (!origin)
        return;
    http_reply_header(request, "Access-Control-Allow-Origin", origin);
    http_reply_header(request, "Vary", "Origin");
}

void edge_preflight(struct http_request *request)
{
    edge_cors(request);
    http_reply_header(request, "Access-Control-Allow-Methods", "GET, POST, OPTIONS");
    http_reply_header(request, "Access-Control-Allow-Headers",
                      "authorization, content-type, x-mete-key");
    http_reply_header(request, "Access-Control-Max-Age", "86400");
    http_reply(request, 204, NULL, NULL, 0);
}
