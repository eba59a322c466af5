// SPDX-License-Identifier: GPL-3.0-or-later
/* Events as bytes: what is written is read, runs of one environment together; anything else is
 * refused. */
#include "base/mem.h"
#include "engine/ingest/ingest_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct visitor_event samples[] = {
    {.visitor_id = "v",
     .day = 20000,
     .name = "page_view",
     .ts_us = 1727999999999999,
     .properties = "{}",
     .properties_length = 2},
    {.visitor_id = "\xc3\xa9",
     .id = {{1, 2, 3, 255}},
     .day = -1,
     .name = "n",
     .ts_us = -5,
     .properties = "{\"a\":\"b\"}",
     .properties_length = 9,
     .marks = 4},
    {.visitor_id = "third",
     .day = 3,
     .name = "purchase",
     .properties = "{}",
     .properties_length = 2},
};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

/* The first in environment 7, the others in 9. */
static void write_samples(struct buf *b)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        struct ingest_request request = {.environment_id = i ? 9 : 7, .events = samples};
        const struct ingest_row row = {.request = &request, .index = i};
        ingest_record_add(b, &row);
    }
}

static void expect_event(const struct visitor_event *found, const struct visitor_event *wanted)
{
    assert_string_equal(found->visitor_id, wanted->visitor_id);
    assert_string_equal(found->name, wanted->name);
    assert_memory_equal(found->id.bytes, wanted->id.bytes, sizeof(wanted->id.bytes));
    assert_int_equal(found->day, wanted->day);
    assert_int_equal(found->ts_us, wanted->ts_us);
    assert_int_equal(found->marks, wanted->marks);
    assert_int_equal(found->properties_length, wanted->properties_length);
    assert_string_equal(found->properties, wanted->properties);
}

static void test_what_is_written_is_read(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    auto_buf struct buf b = {0};
    size_t count;
    write_samples(&b);
    struct ingest_request *runs = ingest_record_read(arena, b.data, b.length, &count);
    assert_non_null(runs);
    assert_int_equal(count, 2);
    assert_int_equal(runs[0].environment_id, 7);
    assert_int_equal(runs[0].count, 1);
    assert_int_equal(runs[1].environment_id, 9);
    assert_int_equal(runs[1].count, 2);
    expect_event(&runs[0].events[0], &samples[0]);
    expect_event(&runs[1].events[0], &samples[1]);
    expect_event(&runs[1].events[1], &samples[2]);
    assert_int_equal(runs[1].statuses[1], INGEST_WAITING);
}

/* Copied to its exact size, so that a sanitizer sees a step beyond it. */
static bool is_read(const char *bytes, size_t length)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_free char *copy = mem_alloc(length + 1);
    size_t count;
    memcpy(copy, bytes, length);
    copy[length] = 'x';
    return ingest_record_read(arena, copy, length, &count) != NULL;
}

static void test_a_part_is_refused(void **state)
{
    (void)state;
    auto_buf struct buf b = {0};
    size_t whole = 0;
    write_samples(&b);
    for (size_t length = 1; length <= b.length; length++)
        whole += is_read(b.data, length);
    assert_int_equal(whole, SAMPLES); /* after each event, and nowhere else */
}

static void test_wrong_bytes_are_refused_or_harmless(void **state)
{
    (void)state;
    auto_buf struct buf b = {0};
    write_samples(&b);
    for (size_t at = 0; at < b.length; at++)
        for (int bit = 0; bit < 8; bit++) {
            b.data[at] = (char)(b.data[at] ^ (1 << bit));
            bool can_be_read = is_read(b.data, b.length);
            assert_false(at == 0 && can_be_read); /* the version */
            b.data[at] = (char)(b.data[at] ^ (1 << bit));
        }
    assert_true(is_read(b.data, b.length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_read),
        cmocka_unit_test(test_a_part_is_refused),
        cmocka_unit_test(test_wrong_bytes_are_refused_or_harmless),
    };
    return cmocka_run_group_tests_name("ingest_record", tests, NULL, NULL);
}
