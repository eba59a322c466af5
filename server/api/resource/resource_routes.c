// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/resource/resource_routes.h"

#include "api/resource/resource_change.h"
#include "api/resource/resource_read.h"
#include "api/route/desk_page.h"
#include "base/mem.h"
#include "model/collision/collision.h"

#include <string.h>

#define DOCUMENT_BYTES (1 << 20)
#define MOVE_BYTES     (1 << 10)

#define PROBLEMS_OF_ONE    ROUTE_PROBLEM(ERR_NOT_FOUND)
#define PROBLEMS_OF_CHANGE (ROUTE_PROBLEM(ERR_CONFLICT) | ROUTE_PROBLEM(ERR_INVALID))

static const struct field change_query[] = {RESOURCE_DRY_RUN, {0}};

static const struct field dry_run_fields[] = {
    {.name = "opens_phase",
     .kind = FIELD_BOOL,
     .marks = FIELD_REQUIRED,
     .meaning = "the change would begin a new phase"},
    {.name = "layer_buckets",
     .kind = FIELD_INT,
     .marks = FIELD_REQUIRED,
     .meaning = "so many buckets more it would take of its layer"},
    {.name = "status", .kind = FIELD_TEXT, .meaning = "the new one; null: stays"},
    {.name = "moved",
     .kind = FIELD_NUMBER,
     .max = 1,
     .meaning = "of a campaign's new phase: share of its visitors who get another variant than "
                "before, or none, as far as weights and coverage tell; null: no new phase"},
    {.name = "collisions",
     .kind = FIELD_LIST,
     .marks = FIELD_REQUIRED,
     .of = &collision_field,
     .meaning = "of a campaign: what of others that run it would touch"},
    {0},
};

struct maker {
    const struct resource *resource;
    struct arena *arena;
    struct route *next;
    struct config_statements statements;
};

static const struct route_reply done = {.status = 204, .meaning = "done"};
static const struct route_reply would_follow = {.status = 200,
                                                .meaning = "what would follow, of a dry run",
                                                .type = "application/json",
                                                .fields = dry_run_fields};

static struct route_reply view_of(const struct maker *m, int status, const char *meaning)
{
    return (struct route_reply){.status = status,
                                .meaning = meaning,
                                .type = "application/json",
                                .fields = m->resource->fields,
                                .schema = m->resource->noun};
}

/* 'other' NULL: there is one way to answer. */
static const struct route_reply *make_replies(struct maker *m, struct route_reply reply,
                                              const struct route_reply *other)
{
    struct route_reply *replies = arena_zalloc(m->arena, 3 * sizeof(*replies));
    replies[0] = reply;
    if (other)
        replies[1] = *other;
    return replies;
}

static struct route *add(struct maker *m, enum http_verb verb, const char *path, const char *action)
{
    struct resource_step *step = arena_alloc(m->arena, sizeof(*step));
    *step = (struct resource_step){m->resource, action, m->statements};
    config_find_read(m->resource->statements, action, &step->statements);
    *m->next =
        (struct route){.verb = verb,
                       .path = arena_printf(m->arena, DESK_API "/%s%s", m->resource->path, path),
                       .role = m->resource->writer,
                       .is_about_environment = m->resource->is_environment && path[0] != '\0',
                       .tokens = DESK_TOKENS,
                       .subject = step};
    return m->next++;
}

static void add_list(struct maker *m)
{
    struct route *route = add(m, VERB_GET, "", "list");
    struct route_reply page = view_of(m, 200, "a page of them");
    page.is_page = true;
    route->is_own = m->resource->is_environment;
    route->role = m->resource->reader;
    route->query = desk_page_query;
    route->replies = make_replies(m, page, NULL);
    route->handler = resource_list;
    route->summary = m->resource->list;
}

static void add_create(struct maker *m)
{
    struct route *route = add(m, VERB_POST, "", "create");
    route->body = (struct route_body){
        .bytes = DOCUMENT_BYTES, .fields = m->resource->fields, .schema = m->resource->noun};
    route->query = change_query;
    route->replies = make_replies(m, view_of(m, 201, "made; Location is its path"), &would_follow);
    route->problems = PROBLEMS_OF_CHANGE;
    route->handler = resource_change;
    route->summary = m->resource->create;
}

static void add_read(struct maker *m, const char *path)
{
    struct route *route = add(m, VERB_GET, path, "read");
    route->role = m->resource->reader;
    route->replies = make_replies(m, view_of(m, 200, "as it stands"), NULL);
    route->problems = PROBLEMS_OF_ONE;
    route->handler = resource_read;
    route->summary = arena_printf(m->arena, "Reads %s %s", m->resource->article, m->resource->noun);
}

static struct route *add_change(struct maker *m, enum http_verb verb, const char *path,
                                const char *action)
{
    struct route *route = add(m, verb, path, action);
    route->query = change_query;
    route->replies = make_replies(m, view_of(m, 200, "as it stands now"), &would_follow);
    route->problems = PROBLEMS_OF_ONE | PROBLEMS_OF_CHANGE | ROUTE_PROBLEM(ERR_STALE);
    route->handler = resource_change;
    return route;
}

static void add_patch(struct maker *m, const char *key)
{
    struct route *route = add_change(m, VERB_PATCH, key, "patch");
    route->body = (struct route_body){.bytes = DOCUMENT_BYTES};
    if (m->resource->patch_query)
        route->query = m->resource->patch_query;
    route->summary =
        arena_printf(m->arena, "Changes %s %s", m->resource->article, m->resource->noun);
}

static void add_moves(struct maker *m, const char *key)
{
    for (const struct resource_move *move = m->resource->moves; move && move->word; move++) {
        const char *path = arena_printf(m->arena, "%s/%s", key, move->word);
        struct route *route = add_change(m, VERB_POST, path, move->word);
        route->role = move->role;
        route->lane = move->is_urgent ? DESK_LANE_ACCESS : DESK_LANE_BY_VERB;
        route->body = (struct route_body){.bytes = move->bytes ? move->bytes : MOVE_BYTES,
                                          .fields = move->fields};
        route->summary = move->summary;
    }
}

size_t resource_count_routes(const struct resource *resource)
{
    size_t moves = 0;
    for (const struct resource_move *move = resource->moves; move && move->word; move++)
        moves++;
    if (!resource->change)
        return 1;
    return 2u + (resource->create ? 2u : 0u) + (resource->remove ? 1u : 0u) + moves;
}

void resource_make_routes(const struct resource *resource, struct arena *arena, struct route *rows)
{
    struct maker m = {.resource = resource, .arena = arena, .next = rows};
    const char *key = arena_printf(arena, "/{%s}", resource->key);
    if (!config_find(resource->statements, resource->change != NULL, &m.statements))
        mem_die("a resource without its statements");
    add_list(&m);
    if (!resource->change)
        return;
    if (resource->create)
        add_create(&m);
    add_read(&m, key);
    if (resource->create)
        add_patch(&m, key);
    if (resource->remove) {
        struct route *removal = add_change(&m, VERB_DELETE, key, "delete");
        removal->replies = make_replies(&m, done, &would_follow);
        removal->summary = resource->remove;
    }
    add_moves(&m, key);
}
