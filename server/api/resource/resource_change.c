// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/resource/resource_change.h"

#include "api/resource/resource.h"
#include "api/resource/resource_reply.h"
#include "api/route/problem.h"
#include "base/mem.h"
#include "base/token.h"

#include <stdio.h>
#include <string.h>

/* How often a change is tried again because another desk changed something in between. */
#define TRIES 5

struct change_run {
    struct change_run *next;
    struct desk_request *request;
    const struct resource_step *step;
    const struct resource *resource;
    const char *action;
    const char *key; /* NULL: not known before creation */
    json_t *body;
    json_t *reveal;  /* of the last try */
    bool is_dry;     /* ?dry_run=true: nothing is written */
    bool keeps_seed; /* ?seed=keep */
    bool is_urgent;  /* stands in no queue: the environment's clock keeps it apart from others */
    int tries;
};

static void on_read(void *arg, const struct pg_answer *answer);

static void read_again(struct change_run *run)
{
    struct desk_request *r = run->request;
    const struct config_query query = {
        .statements = &run->step->statements,
        .environment_id = resource_scope(run->resource, r),
        .key = run->key,
        .has_context = true,
    };
    config_send_read(r->pg, &query, on_read, run);
}

static void begin(struct change_run *run)
{
    struct change_queue *q = run->request->desk->changes;
    if (run->is_urgent) {
        read_again(run);
        return;
    }
    if (q->last)
        q->last->next = run;
    else
        q->first = run;
    q->last = run;
    if (q->first == run && !q->is_ended)
        read_again(run);
}

static void free_run(struct change_run *run)
{
    json_decref(run->body);
    json_decref(run->reveal);
    mem_free(run);
}

static void take_out_first(struct change_queue *q)
{
    struct change_run *run = q->first;
    q->first = run->next;
    if (!q->first)
        q->last = NULL;
    free_run(run);
}

/* The next one's turn; the run is gone, its request waits for the reply. */
static void end(struct change_run *run)
{
    struct change_queue *q = run->request->desk->changes;
    if (run->is_urgent) {
        free_run(run);
        return;
    }
    must(q->first == run);
    take_out_first(q);
    if (q->first && !q->is_ended)
        read_again(q->first);
}

static void end_with_fault(struct change_run *run, const struct fault *fault)
{
    struct desk_request *r = run->request;
    end(run);
    problem_reply(r->http, fault);
}

static void end_failed(struct change_run *run, const struct pg_answer *answer)
{
    struct desk_request *r = run->request;
    end(run);
    desk_reply_failed(r, answer);
}

static void end_done(struct change_run *run, int64_t version, const char *text)
{
    struct desk_request *r = run->request;
    const struct resource *resource = run->resource;
    auto_json json_t *view = resource_parse(text);
    auto_json json_t *reveal = json_incref(run->reveal);
    bool is_create = strcmp(run->action, "create") == 0;
    bool is_delete = strcmp(run->action, "delete") == 0;
    end(run);
    /* whoever lost a key or a role loses it now, not when its memory fades */
    if (resource->is_access)
        access_forget(r->desk->access);
    if (is_delete)
        http_reply(r->http, 204, NULL, "", 0);
    else if (!view)
        resource_reply_unreadable(r, resource);
    else
        resource_reply(r, resource, is_create ? 201 : 200, view, version, reveal);
}

static void on_changed(void *arg, const struct pg_answer *answer)
{
    struct change_run *run = arg;
    int64_t version;
    const char *view;
    struct fault fault;
    if (!answer->result) {
        end_failed(run, answer);
    } else if (config_changed(answer->result, &version, &view)) {
        end_done(run, version, view);
    } else if (++run->tries < TRIES) {
        read_again(run);
    } else {
        fault_set(&fault, ERR_CONFLICT, "", "others are changing it at the same time: try again");
        end_with_fault(run, &fault);
    }
}

/* If-Match: a list of "version", or *. */
static enum err check_match(const struct change_run *run, int64_t version, struct fault *fault)
{
    const char *wanted = http_header(run->request->http, "if-match");
    char etag[32];
    snprintf(etag, sizeof(etag), "\"%lld\"", (long long)version);
    if (!wanted || strcmp(wanted, "*") == 0)
        return ERR_OK;
    const char *at = strstr(wanted, etag);
    if (at && (at == wanted || at[-1] == ' ' || at[-1] == ','))
        return ERR_OK;
    return fault_set(fault, ERR_STALE, "", "it was changed meanwhile: the version is now %lld",
                     (long long)version);
}

static enum err check_state(const struct change_run *run, const struct config_row *row,
                            struct fault *fault)
{
    bool is_create = strcmp(run->action, "create") == 0;
    if (is_create && row->is_there)
        return fault_set(fault, ERR_CONFLICT, "/key", "there is %s %s %s already",
                         run->resource->article, run->resource->noun, run->key);
    if (!is_create && !row->is_there)
        return fault_set(fault, ERR_NOT_FOUND, "", "there is no %s %s", run->resource->noun,
                         run->key);
    return is_create ? ERR_OK : check_match(run, row->version, fault);
}

/* The document as it will stand, for create and patch. */
static enum err make_document(const struct change_run *run, struct change *change,
                              struct fault *fault)
{
    const struct field *fields = run->resource->fields;
    if (strcmp(run->action, "create") == 0)
        return field_read(fields, run->body, &change->document, fault);
    if (strcmp(run->action, "patch") != 0)
        return ERR_OK;
    auto_json json_t *was = field_writable(fields, change->before);
    auto_json json_t *merged = field_merge(was, run->body);
    enum err e = field_read(fields, merged, &change->document, fault);
    return e ? e : field_check_once(fields, was, change->document, fault);
}

static const char *add_text(struct buf *b, const json_t *value)
{
    if (!value)
        return NULL;
    json_add_value(b, value);
    return b->data;
}

static void write_change(struct change_run *run, const struct change *change, int64_t clock)
{
    struct desk_request *r = run->request;
    auto_buf struct buf document = {0};
    auto_buf struct buf plan = {0};
    struct config_change written = {
        .actor = desk_request_actor(r),
        .environment_id = resource_scope(run->resource, r),
        .clock = clock,
        .action = run->action,
        .key = run->key,
        .document = add_text(&document, change->document),
        .plan = add_text(&plan, change->plan),
    };
    json_decref(run->reveal);
    run->reveal = json_incref(change->reveal);
    config_send_change(r->pg, &run->step->statements, &written, on_changed, run);
}

static void add_or(struct buf *out, const char *name, const json_t *value, const char *otherwise)
{
    json_add_name(out, name);
    if (value)
        json_add_value(out, value);
    else
        buf_add_str(out, otherwise);
}

/* What the change would do beside: the members of its plan, of which the details are nobody's
 * business, and what it would tell. */
static void end_dry(struct change_run *run, const struct change *change)
{
    struct desk_request *r = run->request;
    auto_buf struct buf out = {0};
    const json_t *plan = change->plan, *reveal = change->reveal;
    const json_t *layer = json_object_get(plan, "layer");
    buf_add_str(&out, "{");
    add_or(&out, "opens_phase", NULL, json_object_get(plan, "phase") ? "true" : "false");
    add_or(&out, "layer_buckets", json_object_get(layer, "buckets"), "0");
    add_or(&out, "status", json_object_get(plan, "status"), "null");
    add_or(&out, "moved", json_object_get(reveal, "moved"), "null");
    add_or(&out, "collisions", json_object_get(reveal, "collisions"), "[]");
    buf_add_str(&out, "}\n");
    end(run);
    desk_reply_json(r, 200, out.data, out.length);
}

static enum err plan_change(struct change_run *run, const struct config_row *row,
                            struct fault *fault)
{
    char random[TOKEN_LENGTH + 1];
    token_random(random);
    auto_json json_t *before = row->is_there ? resource_parse(row->view) : NULL;
    auto_json json_t *context = row->context ? resource_parse(row->context) : json_object();
    if ((row->is_there && !before) || !context)
        return fault_set(fault, ERR_INTERNAL, "", RESOURCE_UNREADABLE, run->resource->noun);
    auto_json json_t *plan = json_object();
    auto_json json_t *reveal = json_object();
    struct change change = {
        .action = run->action,
        .role = run->request->holder.role,
        .before = before,
        .context = context,
        .argument = run->body,
        .keeps_seed = run->keeps_seed,
        .random = random,
        .plan = plan,
        .reveal = reveal,
    };
    enum err e = make_document(run, &change, fault);
    if (!e)
        e = run->resource->change(&change, fault);
    if (!e && run->is_dry)
        end_dry(run, &change);
    else if (!e)
        write_change(run, &change, row->clock);
    json_decref(change.document);
    return e;
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    struct change_run *run = arg;
    struct config_row row;
    struct fault fault;
    if (!answer->result) {
        end_failed(run, answer);
        return;
    }
    config_read(answer->result, &row);
    enum err e = check_state(run, &row, &fault);
    if (!e)
        e = plan_change(run, &row, &fault);
    if (e)
        end_with_fault(run, &fault);
}

/* What the new one will be called, where its maker says it. */
static const char *created_key(const struct change_run *run)
{
    const char *key = json_string_value(json_object_get(run->body, run->resource->key));
    return key && text_is_key(key) ? arena_strdup(run->request->http->arena, key) : NULL;
}

/* A word of the query: the one that stands for no, or the one for yes. */
static enum err read_word(struct http_request *request, const char *name, const char *no,
                          const char *yes, bool *ret, struct fault *fault)
{
    enum err e = ERR_OK;
    const char *word = http_query(request, name, &e);
    if (e || (word && strcmp(word, no) != 0 && strcmp(word, yes) != 0))
        return fault_set(fault, ERR_INVALID, "", "%s must be %s or %s", name, yes, no);
    *ret = word && strcmp(word, yes) == 0;
    return ERR_OK;
}

void resource_change(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct fault fault;
    const struct resource_step *step = match->route->subject;
    bool is_create = strcmp(step->action, "create") == 0;
    bool needs_body = is_create || strcmp(step->action, "patch") == 0;
    json_t *body = desk_request_body(r, !needs_body, &fault);
    if (!body) {
        problem_reply(request, &fault);
        return;
    }
    bool is_dry, keeps_seed;
    if (read_word(request, "dry_run", "false", "true", &is_dry, &fault) ||
        read_word(request, "seed", "new", "keep", &keeps_seed, &fault)) {
        json_decref(body);
        problem_reply(request, &fault);
        return;
    }
    struct change_run *run = mem_zalloc(sizeof(*run));
    run->is_dry = is_dry;
    run->keeps_seed = keeps_seed;
    run->request = r;
    run->step = step;
    run->is_urgent = match->route->lane == DESK_LANE_ACCESS;
    run->resource = step->resource;
    run->action = step->action;
    run->body = body;
    run->key = is_create ? created_key(run) : match->params[0];
    begin(run);
}

void change_queue_end(struct change_queue *q)
{
    q->is_ended = true;
    while (q->first) {
        struct desk_request *r = q->first->request;
        take_out_first(q);
        problem_say(r->http, ERR_UNAVAILABLE, "", "the desk is stopping: try again");
    }
}
