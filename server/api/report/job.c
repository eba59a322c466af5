// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/job.h"

#include "api/route/desk_page.h"
#include "api/route/problem.h"
#include "base/clock.h"
#include "base/json/json.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define ID_DIGITS 9

/* An environment has so many jobs that wait or work. */
#define JOB_OPEN_MAX 100
#define JOB_WAIT_US  (60 * SECOND_US)

/* 0: not an id. */
static int64_t read_id(const char *text)
{
    size_t length = strlen(text);
    bool is_id = length > 0 && length <= ID_DIGITS && strspn(text, "0123456789") == length;
    return is_id ? strtoll(text, NULL, 10) : 0;
}

static void reply_view(struct desk_request *r, int status, const char *view)
{
    auto_buf struct buf body = {0};
    buf_printf(&body, "%s\n", view);
    desk_reply_json(r, status, body.data, body.length);
}

static void reply_absent(struct desk_request *r)
{
    problem_say(r->http, ERR_NOT_FOUND, "", "there is no such job");
}

void job_reply_started(struct desk_request *r, const struct job_view *job)
{
    http_reply_header(r->http, "Location",
                      arena_printf(r->http->arena, "/api/v1/jobs/%lld", (long long)job->id));
    reply_view(r, 202, job->view);
}

static void on_start(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    struct job_view job;
    if (!answer->result)
        desk_reply_failed(r, answer);
    else if (!job_read_view(answer->result, &job))
        problem_limited(r->http, JOB_WAIT_US, "too many jobs wait: end some of them, or wait");
    else
        job_reply_started(r, &job);
}

void job_start(struct desk_request *r, const char *kind, const json_t *input)
{
    auto_buf struct buf text = {0};
    json_add_value(&text, input);
    const struct job_wish wish = {
        .environment_id = r->environment_id,
        .kind = kind,
        .input = text.data,
        .actor = desk_request_actor(r),
        .open_most = JOB_OPEN_MAX,
    };
    job_send_start(r->pg, &wish, on_start, r);
}

static void on_list(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (answer->result)
        desk_page_reply(r, answer->result, NULL, NULL);
    else
        desk_reply_failed(r, answer);
}

static enum err read_selection(struct http_request *request, struct job_page *page,
                               struct fault *fault)
{
    enum err e = ERR_OK, f = ERR_OK;
    page->kind = http_query(request, "kind", &e);
    page->campaign = http_query(request, "campaign", &f);
    if (e || (page->kind && !text_is_key(page->kind)))
        return fault_set(fault, ERR_INVALID, "", "kind must be the kind of a job");
    if (f || (page->campaign && !text_is_key(page->campaign)))
        return fault_set(fault, ERR_INVALID, "", "campaign must be the key of one");
    return ERR_OK;
}

static void list_jobs(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct desk_page asked;
    struct job_page page = {.environment_id = r->environment_id};
    struct fault fault;
    if (!desk_page_read(r, &asked))
        return;
    page.after = asked.after;
    page.rows = asked.rows;
    if (page.after && read_id(page.after) == 0) {
        problem_say(request, ERR_INVALID, "", "the parameter after is no cursor");
        return;
    }
    if (read_selection(request, &page, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    job_send_list(r->pg, &page, on_list, r);
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    struct job_view job;
    if (!answer->result)
        desk_reply_failed(r, answer);
    else if (!job_read_view(answer->result, &job))
        reply_absent(r);
    else
        reply_view(r, 200, job.view);
}

static void on_cancel(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    bool was_open;
    if (!answer->result)
        desk_reply_failed(r, answer);
    else if (!job_read_cancelled(answer->result, &was_open))
        reply_absent(r);
    else if (!was_open)
        problem_say(r->http, ERR_CONFLICT, "", "the job has ended already");
    else
        http_reply(r->http, 204, NULL, "", 0);
}

static void read_job(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    struct desk_request *r = arg;
    int64_t id = read_id(match->params[0]);
    if (id)
        job_send_read(r->pg, r->environment_id, id, on_read, r);
    else
        reply_absent(r);
}

static void cancel(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    struct desk_request *r = arg;
    int64_t id = read_id(match->params[0]);
    if (id)
        job_send_cancel(r->pg, r->environment_id, id, on_cancel, r);
    else
        reply_absent(r);
}

static const char *const states[] = {"queued", "running", "done", "failed", "cancelled", NULL};

const struct field job_fields[] = {
    {.name = "id", .kind = FIELD_INT, .marks = FIELD_REQUIRED, .meaning = "its number"},
    {.name = "kind", .kind = FIELD_KEY, .marks = FIELD_REQUIRED, .meaning = "what it works out"},
    {.name = "state",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED,
     .words = states,
     .meaning = "where it stands"},
    {.name = "progress",
     .kind = FIELD_NUMBER,
     .marks = FIELD_REQUIRED,
     .max = 1,
     .meaning = "how much is done"},
    {.name = "input", .kind = FIELD_ANY, .meaning = "what it was started with"},
    {.name = "actor",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .meaning = "who asked for it: key:<id>, user:<id> or system"},
    {.name = "created_at", .kind = FIELD_TIME, .marks = FIELD_REQUIRED, .meaning = "when asked"},
    {.name = "started_at", .kind = FIELD_TIME, .meaning = "when last begun"},
    {.name = "ended_at", .kind = FIELD_TIME, .meaning = "when it ended"},
    {.name = "problem", .kind = FIELD_TEXT, .meaning = "of a failed one: a sentence"},
    {.name = "result", .kind = FIELD_ANY, .meaning = "what it came to; lists go without it"},
    {0},
};

#define JOB .type = "application/json", .fields = job_fields, .schema = "job"

const struct route_reply job_start_replies[] = {
    {.status = 202, .meaning = "the job, which waits; Location is where to read it", JOB},
    {0},
};
static const struct route_reply list_replies[] = {
    {.status = 200, .meaning = "a page of jobs", JOB, .is_page = true},
    {0},
};
static const struct route_reply read_replies[] = {
    {.status = 200, .meaning = "the job", JOB},
    {0},
};

static const struct field list_query[] = {
    {.name = "kind", .kind = FIELD_KEY, .meaning = "those of this kind"},
    {.name = "campaign", .kind = FIELD_KEY, .meaning = "those about the campaign of this key"},
    DESK_PAGE_QUERY,
    {0},
};

const struct route job_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/jobs",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .query = list_query,
     .replies = list_replies,
     .handler = list_jobs,
     .summary = "Lists jobs, newest first"},
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/jobs/{id}",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .replies = read_replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND),
     .handler = read_job,
     .summary = "How far a job is, and its result"},
    {.verb = VERB_DELETE,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/jobs/{id}",
     .role = ROLE_EDITOR,
     .tokens = DESK_TOKENS,
     .replies = desk_done_replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND) | ROUTE_PROBLEM(ERR_CONFLICT),
     .handler = cancel,
     .summary = "Cancels a job"},
    {0},
};
