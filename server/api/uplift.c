// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/uplift.h"

#include "api/desk_request.h"
#include "io/row.h"
#include "sql/queries.h"

static const struct field point_fields[] = {
    {.name = "day", .kind = FIELD_TEXT, .meaning = "that closed"},
    {.name = "uplift", .kind = FIELD_NUMBER, .meaning = "as it was known then"},
    {0},
};
static const struct field point = {.kind = FIELD_OBJECT, .of = point_fields};

static const struct field item_fields[] = {
    {.name = "campaign", .kind = FIELD_KEY, .meaning = "its key"},
    {.name = "metric", .kind = FIELD_KEY, .meaning = "its first goal"},
    {.name = "direction", .kind = FIELD_TEXT, .meaning = "up or down: which way is better"},
    {.name = "variant", .kind = FIELD_KEY, .meaning = "that leads"},
    {.name = "units", .kind = FIELD_INT, .meaning = "visitors in all variants"},
    {.name = "uplift", .kind = FIELD_NUMBER, .meaning = "of the variant over the control, so far"},
    {.name = "course", .kind = FIELD_LIST, .of = &point, .meaning = "of the uplift, 60 days"},
    {0},
};
static const struct field item = {.kind = FIELD_OBJECT, .of = item_fields};

const struct field uplift_reply_fields[] = {
    {.name = "items",
     .kind = FIELD_LIST,
     .of = &item,
     .meaning = "campaigns with a goal, and visitors in both arms"},
    {0},
};

static void on_read(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    auto_buf struct buf out = {0};
    buf_printf(&out, "{\"items\":%s}\n", row_text(answer->result, 0, 0));
    desk_reply_json(r, 200, out.data, out.length);
}

void uplift_list(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct pg_params params = {.arena = request->arena};
    pg_param_int(&params, r->environment_id);
    pg_send(r->desk->pg, QUERY_UPLIFT_LIST, &params, on_read, r);
}
