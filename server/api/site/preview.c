// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/site/preview.h"

#include "api/route/desk_request.h"
#include "api/route/problem.h"
#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "model/admin/preview_token.h"
#include "store/snapshot/preview.h"

#include <string.h>

static const struct field fields[] = {
    {.name = "days",
     .kind = FIELD_INT,
     .min = 1,
     .max = 30,
     .initial = "7",
     .meaning = "how long the links hold"},
    {0},
};

static const struct field link_fields[] = {
    {.name = "variant", .kind = FIELD_KEY, .meaning = "its key"},
    {.name = "name", .kind = FIELD_TEXT, .meaning = "its name"},
    {.name = "is_control", .kind = FIELD_BOOL, .meaning = "it is the control"},
    {.name = "token",
     .kind = FIELD_TEXT,
     .meaning = "the value of mete_preview in the address of a page"},
    {0},
};
static const struct field link_item = {.kind = FIELD_OBJECT, .of = link_fields};
static const struct field reply_fields[] = {
    {.name = "expires_at", .kind = FIELD_TIME, .meaning = "when they end"},
    {.name = "links", .kind = FIELD_LIST, .of = &link_item, .meaning = "one a variant"},
    {0},
};

/* One request, in its arena. */
struct making {
    struct desk_request *request;
    struct preview_token token; /* of the variant in work */
    uint8_t secret[TOKEN_SECRET_BYTES];
};

static void add_link(struct making *m, const json_t *variant, struct buf *b)
{
    char text[PREVIEW_TOKEN_SIZE];
    const char *key = json_string_value(json_object_get(variant, "key"));
    json_add_comma(b);
    snprintf(m->token.variant, sizeof(m->token.variant), "%s", key);
    preview_token_write(&m->token, m->secret, text);
    buf_add_str(b, "{\"variant\":");
    json_add_string(b, key);
    buf_add_str(b, ",\"name\":");
    json_add_value(b, json_object_get(variant, "name"));
    buf_add_str(b, ",\"is_control\":");
    json_add_value(b, json_object_get(variant, "is_control"));
    buf_printf(b, ",\"token\":\"%s\"}", text);
}

static void reply_links(struct making *m, const json_t *variants)
{
    auto_buf struct buf b = {0};
    char expires[CLOCK_TEXT_SIZE];
    clock_format(m->token.expires_s * SECOND_US, expires);
    buf_printf(&b, "{\"expires_at\":\"%s\",\"links\":[", expires);
    for (size_t i = 0; i < json_array_size(variants); i++)
        add_link(m, json_array_get(variants, i), &b);
    buf_add_str(&b, "]}\n");
    desk_reply_json(m->request, 200, b.data, b.length);
}

static void on_found(void *arg, const struct pg_answer *answer)
{
    struct making *m = arg;
    struct http_request *http = m->request->http;
    struct preview_campaign c;
    if (!answer->result) {
        desk_reply_failed(m->request, answer);
        return;
    }
    if (!preview_read_campaign(answer->result, &c)) {
        problem_say(http, ERR_NOT_FOUND, "", "there is no campaign %s",
                    m->request->match.params[0]);
        return;
    }
    auto_json json_t *variants = json_loads(c.variants, 0, NULL);
    if (strcmp(c.status, "archived") == 0) {
        problem_say(http, ERR_CONFLICT, "", "an archived campaign has no preview");
    } else if (json_array_size(variants) == 0) {
        problem_say(http, ERR_CONFLICT, "/variants", "there is no variant to show yet");
    } else {
        must(text_unhex(c.secret, strlen(c.secret), m->secret));
        m->token.campaign_id = c.campaign_id;
        m->token.generation = c.generation;
        reply_links(m, variants);
    }
}

static void make(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct making *m = arena_zalloc(request->arena, sizeof(*m));
    auto_json json_t *wish = desk_request_fields(r, true, fields);
    if (!wish)
        return;
    m->request = r;
    m->token.environment_id = r->environment_id;
    m->token.expires_s =
        clock_wall_us() / SECOND_US + json_integer_value(json_object_get(wish, "days")) * 86400;
    preview_send_find(r->pg, r->environment_id, match->params[0], on_found, m);
}

static const struct route_reply replies[] = {
    {.status = 200,
     .meaning = "the links",
     .type = "application/json",
     .fields = reply_fields,
     .schema = "previews"},
    {0},
};

const struct route preview_routes[] = {
    {.verb = VERB_POST,
     .path = DESK_API "/campaigns/{key}/previews",
     .role = ROLE_EDITOR,
     .tokens = DESK_TOKENS,
     .body = {.bytes = 1 << 10, .fields = fields},
     .replies = replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND) | ROUTE_PROBLEM(ERR_CONFLICT),
     .handler = make,
     .noted = "campaign.preview",
     .summary = "Makes links that show the campaign's variants as they stand, to who has them"},
    {0},
};
