// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge/edge_private.h"
#include "api/route/problem.h"
#include "base/clock.h"
#include "base/json/json.h"
#include "model/admin/preview_token.h"
#include "store/snapshot/preview.h"

#include <string.h>

/* Of an edge at once: what snapshots are read by is theirs, too. */
#define PREVIEWS_MAX 4

static const struct json_limits limits = {.bytes = 1024, .depth = 2, .nodes = 4};

/* One request, in its arena. */
struct preview {
    struct edge *edge;
    struct http_request *request;
    uint8_t secret[TOKEN_SECRET_BYTES]; /* that the token was read with */
    struct preview_token token;
    const char *key;
    const char *names;
    char *document; /* compiled in a thread */
    struct snapshot *snapshot;
    struct fault fault;
};

static void add_members(const struct preview *p, struct buf *b)
{
    char expires[CLOCK_TEXT_SIZE];
    clock_format(p->token.expires_s * SECOND_US, expires);
    buf_add_str(b, "{\"campaign\":");
    json_add_string(b, p->key);
    buf_add_str(b, ",\"variant\":");
    json_add_string(b, p->token.variant);
    buf_printf(b, ",\"expires_at\":\"%s\",\"names\":%s,\"config\":", expires, p->names);
    buf_add(b, p->snapshot->config.text, p->snapshot->config.length);
    buf_add_str(b, "}\n");
}

static enum err check_compiled(const struct preview *p, struct fault *fault)
{
    if (!p->snapshot)
        return fault_set(fault, ERR_CONFLICT, "/token",
                         "the draft cannot be shown as it stands: %s %s", p->fault.pointer,
                         p->fault.detail);
    if (snapshot_find_variant(&p->snapshot->campaigns[0], p->token.variant) < 0)
        return fault_set(fault, ERR_CONFLICT, "/token", "the draft has no variant %s any more",
                         p->token.variant);
    return ERR_OK;
}

static void on_compiled(void *arg)
{
    struct preview *p = arg;
    struct fault fault;
    auto_buf struct buf reply = {0};
    enum err e = check_compiled(p, &fault);
    p->edge->preview_count--;
    if (!e)
        add_members(p, &reply);
    snapshot_unref(p->snapshot); /* p goes with its request, when that is answered */
    if (e) {
        problem_reply(p->request, &fault);
    } else {
        http_reply_header(p->request, "Cache-Control", "no-store");
        http_reply(p->request, 200, "application/json", reply.data, reply.length);
    }
}

static void compile(void *arg)
{
    struct preview *p = arg;
    p->snapshot = snapshot_compile(1, p->document, strlen(p->document), &p->fault);
}

/* The snapshot that the token was checked against may be an old one. */
static bool is_revoked(const struct preview *p, const struct preview_draft *draft)
{
    uint8_t secret[TOKEN_SECRET_BYTES];
    return draft->generation != p->token.generation ||
           strlen(draft->secret) != 2 * sizeof(secret) ||
           !text_unhex(draft->secret, strlen(draft->secret), secret) ||
           memcmp(secret, p->secret, sizeof(secret)) != 0;
}

static enum err read_draft(const struct preview *p, const struct pg_answer *answer,
                           struct preview_draft *ret, struct fault *fault)
{
    if (!answer->result)
        return fault_set(fault, ERR_UNAVAILABLE, "", "drafts cannot be read now: try again");
    if (!preview_read_draft(answer->result, ret))
        return fault_set(fault, ERR_FORBIDDEN, "/token", "the campaign of this link is gone");
    if (is_revoked(p, ret))
        return fault_set(fault, ERR_FORBIDDEN, "/token",
                         "this preview link was revoked: ask for a new one");
    return ERR_OK;
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    struct preview *p = arg;
    struct arena *arena = p->request->arena;
    struct preview_draft draft;
    struct fault fault;
    if (read_draft(p, answer, &draft, &fault)) {
        p->edge->preview_count--;
        problem_reply(p->request, &fault);
        return;
    }
    p->key = arena_strdup(arena, draft.key);
    p->names = arena_strdup(arena, draft.names);
    p->document = arena_strdup(arena, draft.document);
    thread_pool_send(p->edge->drafts, compile, on_compiled, p);
}

/* Nothing is asked of the database for a token that we have not signed. */
static enum err read_token(struct preview *p, const struct snapshot *s, struct fault *fault)
{
    auto_json json_t *body =
        json_parse(p->request->body, p->request->body_bytes, &limits, NULL, fault);
    if (!body)
        return fault->code;
    const char *token = json_string_value(json_object_get(body, "token"));
    if (!token)
        return fault_set(fault, ERR_INVALID, "/token", "must be the token of a preview link");
    if (!s->has_preview_secret)
        return fault_set(fault, ERR_FORBIDDEN, "/token", "this environment has no preview links");
    memcpy(p->secret, s->preview_secret, sizeof(p->secret));
    return preview_token_read(token, p->secret, s->environment_id, clock_wall_us(), &p->token,
                              fault);
}

void edge_preview(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    const struct edge_request *context = request->user;
    struct preview *p = arena_zalloc(request->arena, sizeof(*p));
    struct fault fault;
    p->edge = arg;
    p->request = request;
    if (read_token(p, context->key->snapshot, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    if (p->edge->preview_count == PREVIEWS_MAX) {
        problem_say(request, ERR_BUSY, "", "too many drafts are asked for: try again in a moment");
        return;
    }
    p->edge->preview_count++;
    preview_send_read(p->edge->reads, p->token.environment_id, p->token.campaign_id, on_read, p);
}
