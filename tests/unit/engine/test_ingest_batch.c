// SPDX-License-Identifier: GPL-3.0-or-later
/* The rows of one commit: their order, how many they are, the halves of what was refused. */
#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "engine/ingest/ingest_batch.h"

#include "model/bucket.h"
#include "store/event/visitor_event_private.h"
#include <arpa/inet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define EVENTS 64

struct world {
    struct visitor_event events[EVENTS];
    struct ingest_request request;
    struct ingest_batch gathering, batch;
};

static int setup(void **state)
{
    struct world *w = mem_zalloc(sizeof(*w));
    w->request.events = w->events;
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    ingest_batch_done(&w->gathering);
    ingest_batch_done(&w->batch);
    mem_free(w);
    return 0;
}

static void add(struct world *w, const char *visitor_id, uint8_t id, int32_t day)
{
    size_t i = w->request.count++;
    w->events[i] = (struct visitor_event){.visitor_id = visitor_id,
                                          .day = day,
                                          .name = "n",
                                          .properties = "{\"a\":1}",
                                          .properties_length = 7};
    w->events[i].id.bytes[15] = id;
    ingest_batch_add(&w->gathering, &w->request, i);
}

static void expect_order(const struct world *w, const char *indexes)
{
    char found[256] = "";
    for (size_t i = 0; i < w->batch.count; i++)
        snprintf(found + strlen(found), sizeof(found) - strlen(found), "%zu ",
                 w->batch.rows[i].index);
    assert_string_equal(found, indexes);
}

static void test_sorted_by_bytes_then_id_then_arrival(void **state)
{
    struct world *w = *state;
    add(w, "b", 1, 0);
    add(w, "\xc3\xa9", 1, 0);
    add(w, "B", 200, 0);
    add(w, "b", 0, 0);
    add(w, "B", 100, 0);
    add(w, "ba", 0, 0);
    add(w, "b", 1, 0);
    add(w, "b", 1, 0);
    ingest_batch_take(&w->batch, &w->gathering, 100, 1000);
    expect_order(w, "4 2 3 0 6 7 5 1 ");
}

static void test_taken_from_the_front(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 10; i++)
        add(w, i % 2 ? "a" : "b", (uint8_t)i, 0);
    ingest_batch_take(&w->batch, &w->gathering, 4, 1000);
    expect_order(w, "1 3 0 2 ");
    assert_int_equal(w->gathering.count, 6);
    add(w, "c", 0, 0);
    ingest_batch_take(&w->batch, &w->gathering, 100, 1000);
    expect_order(w, "5 7 9 4 6 8 10 ");
    assert_int_equal(w->gathering.count, 0);
    ingest_batch_take(&w->batch, &w->gathering, 100, 1000);
    assert_int_equal(w->batch.count, 0);
    assert_false(ingest_batch_has_part(&w->batch));
}

static void test_bytes_end_a_batch_but_never_hold_it_up(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 5; i++)
        add(w, "v", (uint8_t)i, 0);
    ingest_batch_take(&w->batch, &w->gathering, 100, 14);
    expect_order(w, "0 1 ");
    ingest_batch_take(&w->batch, &w->gathering, 100, 20);
    expect_order(w, "2 3 ");
    add(w, "v", 5, 0);
    ingest_batch_take(&w->batch, &w->gathering, 100, 1);
    expect_order(w, "4 ");
    assert_int_equal(w->gathering.count, 1);
}

/* Walks through all parts as the sender does when row 'culprit' is refused. */
static size_t isolate(struct world *w, size_t culprit, size_t *ret_stored)
{
    size_t found = SIZE_MAX, next = 0;
    struct ingest_part part;
    *ret_stored = 0;
    while (ingest_batch_has_part(&w->batch)) {
        part = *ingest_batch_part(&w->batch);
        assert_int_equal(part.from, next);
        assert_int_equal(part.seq, -1);
        bool is_refused = part.from <= culprit && culprit < part.to;
        if (is_refused && part.to - part.from > 1) {
            ingest_batch_part(&w->batch)->seq = 5;
            ingest_batch_halve(&w->batch);
            continue;
        }
        assert_true(ingest_batch_pop(&w->batch, &part));
        next = part.to;
        if (is_refused)
            found = part.from;
        else
            *ret_stored += part.to - part.from;
    }
    assert_int_equal(next, w->batch.count);
    assert_false(ingest_batch_pop(&w->batch, &part));
    return found;
}

static void test_halving_finds_each_culprit(void **state)
{
    struct world *w = *state;
    for (size_t count = 1; count <= EVENTS; count += 7)
        for (size_t culprit = 0; culprit < count; culprit++) {
            size_t stored;
            w->request.count = 0;
            for (size_t i = 0; i < count; i++)
                add(w, "v", (uint8_t)i, 0);
            ingest_batch_take(&w->batch, &w->gathering, count, 1000);
            assert_int_equal(isolate(w, culprit, &stored), culprit);
            assert_int_equal(stored, count - 1);
        }
}

static void test_the_deepest_halving_fits(void **state)
{
    struct world *w = *state;
    w->batch.parts[0] = (struct ingest_part){.from = 0, .to = (size_t)1 << 32, .seq = -1};
    w->batch.part_count = 1;
    while (ingest_batch_part(&w->batch)->to - ingest_batch_part(&w->batch)->from > 1)
        ingest_batch_halve(&w->batch);
    assert_int_equal(ingest_batch_part(&w->batch)->from, 0);
}

/* The element count and the first element of a one-dimensional binary array. */
static uint32_t word_of(const char *array, size_t at)
{
    uint32_t word;
    memcpy(&word, array + 4 * at, sizeof(word));
    return ntohl(word);
}

static void test_days_each_once(void **state)
{
    struct world *w = *state;
    auto_arena struct arena *arena = arena_new(0);
    static const int32_t days[] = {20000, 10957, 20000, 0, 10957, 20001, 0};
    for (size_t i = 0; i < 7; i++)
        add(w, "v", (uint8_t)i, days[i]);
    ingest_batch_take(&w->batch, &w->gathering, 6, 1000);
    size_t count;
    const int32_t *found =
        ingest_batch_days(&w->batch, ingest_batch_part(&w->batch), arena, &count);
    static const int32_t expected[] = {0, 10957, 20000, 20001};
    assert_int_equal(count, 4);
    assert_memory_equal(found, expected, sizeof(expected));
}

static void test_params_of_a_part_only(void **state)
{
    struct world *w = *state;
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    for (int i = 0; i < 9; i++)
        add(w, "v", (uint8_t)i, 0);
    ingest_batch_take(&w->batch, &w->gathering, 9, 1000);
    ingest_batch_halve(&w->batch);
    visitor_event_param_rows(&params,
                             ingest_batch_rows(&w->batch, ingest_batch_part(&w->batch), 16, arena));
    assert_int_equal(params.count, 9);
    for (int i = 0; i < 9; i++)
        assert_int_equal(word_of(params.values[i], 3), 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(word_of(params.values[0], 6 + 2 * (size_t)i), bucket_fnv1a("v", 1) % 16);
}

static void test_row_text(void **state)
{
    struct world *w = *state;
    auto_arena struct arena *arena = arena_new(0);
    struct json_limits limits = {.bytes = 4096, .depth = 4, .nodes = 100};
    struct fault fault;
    add(w, "a\"b", 7, 0);
    w->events[0].ts_us = 1500000;
    char *text = arena_strdup(arena, ingest_row_text(&w->gathering.rows[0], arena));
    auto_json json_t *event = json_parse(text, strlen(text), &limits, NULL, &fault);
    assert_non_null(event);
    assert_string_equal(json_string_value(json_object_get(event, "visitor_id")), "a\"b");
    assert_string_equal(json_string_value(json_object_get(event, "ts")),
                        "1970-01-01T00:00:01.500000Z");
    assert_string_equal(json_string_value(json_object_get(event, "event_id")),
                        "00000000-0000-0000-0000-000000000007");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(event, "properties"), "a")),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sorted_by_bytes_then_id_then_arrival, setup, teardown),
        cmocka_unit_test_setup_teardown(test_taken_from_the_front, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bytes_end_a_batch_but_never_hold_it_up, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_halving_finds_each_culprit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_deepest_halving_fits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_days_each_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_params_of_a_part_only, setup, teardown),
        cmocka_unit_test_setup_teardown(test_row_text, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
