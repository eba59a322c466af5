// SPDX-License-Identifier: GPL-3.0-or-later
/* A run that waits for a lookup, or for none; and a second protocol, which is a writer and nothing
 * else. */
#include "decide/run.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char document[] =
    "{\"id\":1,\"key\":\"e\",\"is_panic\":false,\"currency\":\"EUR\",\"origins\":[],\"allows_"
    "html\":false,"
    "\"tracking\":[],\"keys\":[],\"flags\":[{\"key\":\"hello\",\"default\":\"Hello\"},"
    "{\"key\":\"size\",\"default\":4}],\"layers\":[],\"campaigns\":["
    "{\"id\":1,\"key\":\"c\",\"kind\":\"rollout\",\"status\":\"running\",\"priority\":0,"
    "\"coverage\":1,"
    "\"phase\":{\"number\":1,\"seed\":\"s\",\"experiences\":[{\"key\":\"\",\"variants\":[{\"key\":"
    "\"on\","
    "\"weight\":1,\"is_control\":false,\"flags\":{\"hello\":%s}}]}]}}]}";

enum answering { AT_ONCE, SOON, WITH_NOTHING, LATE, NEVER };

struct world {
    struct loop *loop;
    struct arena *arena;
    struct snapshot *snapshot;

    enum answering answering;
    struct lookup *lookup; /* asked and not answered */
    int asked, done;
    struct lookup_source source;
    struct decide_run run;
    struct buf text;
};

/* campaign=variant,…;flag=value,…: as some other protocol might want it. */
static void line_begin(void *arg, const struct decide_run *run)
{
    struct world *w = arg;
    assert_ptr_equal(run, &w->run);
    buf_printf(&w->text, "%s:", run->question.visitor_id);
}

static void line_campaign(void *arg, const struct decision *d)
{
    struct world *w = arg;
    buf_printf(&w->text, " %s=%s", d->campaign->key,
               d->variant < 0 ? "-" : d->campaign->variants[d->variant].key);
}

static void line_unknown(void *arg, const char *campaign_key)
{
    struct world *w = arg;
    buf_printf(&w->text, " %s=?", campaign_key);
}

static void line_end(void *arg)
{
    struct world *w = arg;
    for (size_t i = 0; i < w->snapshot->flag_count; i++) {
        assert_non_null(w->snapshot->flags[i].key);
        snapshot_text_add(&w->text, decide_run_flag(&w->run, i), w->run.found);
    }
    if (w->run.unavailable)
        buf_printf(&w->text, " without %s", w->run.unavailable);
}

static const struct decide_writer line_writer = {
    line_begin,
    line_campaign,
    line_unknown,
    line_end,
};

static void answer(void *arg)
{
    struct world *w = arg;
    struct lookup *lookup = w->lookup;
    w->lookup = NULL;
    lookup_answer(lookup, w->answering == WITH_NOTHING ? NULL : json_pack("{s:s}", "name", "Ada"));
    if (w->done)
        loop_stop(w->loop);
}

static void ask(void *arg, struct lookup *lookup, const char *visitor_id)
{
    struct world *w = arg;
    assert_string_equal(visitor_id, "v");
    w->asked++;
    w->lookup = lookup;
    if (w->answering == AT_ONCE)
        answer(w);
    else if (w->answering == SOON || w->answering == WITH_NOTHING)
        loop_defer(w->loop, answer, w);
}

/* What answers late does so now. */
static void on_done(void *arg)
{
    struct world *w = arg;
    assert_int_equal(++w->done, 1);
    if (w->answering == LATE)
        loop_defer(w->loop, answer, w);
    else
        loop_stop(w->loop);
}

static void world_begin(struct world *w, const char *hello, bool has_source)
{
    struct fault fault;
    auto_buf struct buf text = {0};
    char *body;
    buf_printf(&text, document, hello);
    *w = (struct world){.loop = loop_new(), .arena = arena_new(0)};
    w->snapshot = snapshot_compile(1, text.data, text.length, &fault);
    if (!w->snapshot)
        fail_msg("%s %s", fault.pointer, fault.detail);
    w->source = (struct lookup_source){"profile", 60 * SECOND_US, ask, w};
    w->run = (struct decide_run){.arena = w->arena,
                                 .snapshot = w->snapshot,
                                 .writer = &line_writer,
                                 .writer_arg = w,
                                 .loop = w->loop,
                                 .source = has_source ? &w->source : NULL,
                                 .fn = on_done,
                                 .arg = w};
    body = arena_strdup(w->arena, "{\"visitor_id\":\"v\",\"campaigns\":[\"c\",\"d\"]}");
    assert_int_equal(
        question_read(&w->run.question, w->arena, w->snapshot, body, strlen(body), &fault), ERR_OK);
}

static void world_end(struct world *w)
{
    buf_done(&w->text);
    loop_free(w->loop);
    arena_free(w->arena);
}

static void what_needs_no_lookup_is_over_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *hello;
        bool has_source;
        const char *text;
    } cases[] = {
        {"\"Hi\"", true, "v: c=on d=?,\"hello\":\"Hi\",\"size\":4"},
        {"{\"$fill\":\"name\"}", false, "v: c=on d=?,\"hello\":null,\"size\":4"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w;
        world_begin(&w, cases[i].hello, cases[i].has_source);
        assert_true(decide_run_begin(&w.run));
        assert_string_equal(w.text.data, cases[i].text);
        assert_int_equal(w.asked + w.done, 0);
        assert_int_equal(w.snapshot->references, 1);
        snapshot_unref(w.snapshot);
        world_end(&w);
    }
}

static void a_lookup_is_waited_for_until_its_timeout(void **state)
{
    (void)state;
    static const struct {
        enum answering answering;
        const char *text;
    } cases[] = {
        {AT_ONCE, "v: c=on d=?,\"hello\":\"Ada\",\"size\":4"},
        {SOON, "v: c=on d=?,\"hello\":\"Ada\",\"size\":4"},
        {WITH_NOTHING, "v: c=on d=?,\"hello\":null,\"size\":4 without profile"},
        {LATE, "v: c=on d=?,\"hello\":null,\"size\":4 without profile"},
        {NEVER, "v: c=on d=?,\"hello\":null,\"size\":4 without profile"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w;
        world_begin(&w, "{\"$fill\":\"name\"}", true);
        w.answering = cases[i].answering;
        if (w.answering == LATE || w.answering == NEVER)
            w.source.timeout_us = SECOND_US / 50;
        assert_false(decide_run_begin(&w.run));
        assert_int_equal(w.asked, 1);
        assert_int_equal(w.done, 0);
        assert_int_equal(w.text.length, 0);
        /* Another snapshot takes its place meanwhile: the run keeps its own. */
        snapshot_unref(w.snapshot);
        loop_run(w.loop);
        assert_int_equal(w.done, 1);
        assert_string_equal(w.text.data, cases[i].text);
        assert_int_equal(w.lookup != NULL, cases[i].answering == NEVER);
        if (w.lookup) /* a process that ends: its source lets go of what it never answered */
            lookup_answer(w.lookup, NULL);
        world_end(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_needs_no_lookup_is_over_at_once),
        cmocka_unit_test(a_lookup_is_waited_for_until_its_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
