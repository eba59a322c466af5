// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/uplift.h"

#include "api/route/desk_request.h"
#include "store/results/uplift.h"
#include "store/view.h"

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

static const struct field reply_fields[] = {
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
    buf_printf(&out, "{\"items\":%s}\n", view_read(answer->result));
    desk_reply_json(r, 200, out.data, out.length);
}

static void list_uplifts(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    uplift_send_list(r->pg, r->environment_id, on_read, r);
}

static const struct route_reply replies[] = {
    {.status = 200, .meaning = "the campaigns", .type = "application/json", .fields = reply_fields},
    {0},
};

const struct route uplift_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/uplifts",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .replies = replies,
     .handler = list_uplifts,
     .summary = "How all campaigns stand by their first goal"},
    {0},
};
