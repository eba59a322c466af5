// SPDX-License-Identifier: GPL-3.0-or-later
/* What an estimate says of a sample, and of as much of it as there was time for. */
#include "base/json/json.h"
#include "base/mem.h"
#include "engine/audience/audience_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ALWAYS  INT64_C(3600000000)
#define VISITOR 40

/* Every other visitor is from DE; each stands for ten. */
static struct audience_sample sample_of(size_t count)
{
    struct audience_sample s = {.count = count, .rows = mem_zalloc((count + 1) * sizeof(*s.rows))};
    for (size_t i = 0; i < count; i++) {
        s.rows[i] = (struct audience_visitor){
            10, json_pack("{s:s,s:s}", "country", i % 2 ? "FR" : "DE", "text",
                          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")};
        s.visitors += 10;
    }
    return s;
}

static void sample_done(struct audience_sample *s)
{
    for (size_t i = 0; i < s->count; i++)
        json_decref(s->rows[i].attributes);
    mem_free(s->rows);
}

#define PATTERN "{\"text\":{\"$regex\":\"^(a+)+$\"}}"

static const struct {
    const char *what, *condition;
    size_t count;
    int64_t budget_us;
    int visitors, sampled, matching;
    double share;
} cases[] = {
    {"everybody", NULL, VISITOR, ALWAYS, 400, 40, 400, 1},
    {"everybody, whatever the time", NULL, VISITOR, 0, 400, 40, 400, 1},
    {"an empty condition", "{}", VISITOR, ALWAYS, 400, 40, 400, 1},
    {"half of them", "{\"country\":\"DE\"}", VISITOR, ALWAYS, 400, 40, 200, 0.5},
    {"the other half", "{\"country\":\"FR\"}", VISITOR, ALWAYS, 400, 40, 200, 0.5},
    {"nobody", "{\"country\":\"AT\"}", VISITOR, ALWAYS, 400, 40, 0, 0},
    {"no time: by the first alone", "{\"country\":\"DE\"}", VISITOR, 0, 400, 1, 400, 1},
    {"no time, and the first is no match", "{\"country\":\"FR\"}", VISITOR, 0, 400, 1, 0, 0},
    {"patterns that take long, no time", PATTERN, VISITOR, 0, 400, 1, 0, 0},
    {"one visitor", "{\"country\":\"DE\"}", 1, 0, 10, 1, 10, 1},
    {"nobody there", "{\"country\":\"DE\"}", 0, ALWAYS, 0, 0, 0, -1},
    {"nobody there, no time", "{\"country\":\"DE\"}", 0, 0, 0, 0, 0, -1},
};

static void test_estimates(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct audience_sample s = sample_of(cases[i].count);
        struct fault fault;
        auto_buf struct buf out = {0};
        auto_json json_t *condition =
            cases[i].condition ? json_loads(cases[i].condition, 0, NULL) : NULL;
        assert_int_equal(audience_estimate(&s, condition, cases[i].budget_us, &out, &fault),
                         ERR_OK);
        auto_json json_t *said = json_loads(out.data, 0, NULL);
        const json_t *share = json_object_get(said, "share");
        if (json_number_value(json_object_get(said, "visitors")) != cases[i].visitors ||
            json_number_value(json_object_get(said, "sampled")) != cases[i].sampled ||
            json_number_value(json_object_get(said, "matching")) != cases[i].matching ||
            (cases[i].share < 0 ? !json_is_null(share)
                                : json_number_value(share) != cases[i].share))
            fail_msg("%s: %s", cases[i].what, out.data);
        sample_done(&s);
    }
}

/* Forty visitors who stand for one each, and one of them who stands for ever more: the same share
 * of matches is known ever less well. */
static void test_unequal_weights_say_less(void **state)
{
    (void)state;
    double known = 0;
    for (int weight = 1; weight <= 512; weight *= 2) {
        struct audience_sample s = sample_of(VISITOR);
        struct fault fault;
        auto_buf struct buf out = {0};
        s.visitors = VISITOR - 1 + weight;
        for (size_t i = 0; i < VISITOR; i++)
            s.rows[i].weight = i == 0 ? weight : 1;
        assert_int_equal(audience_estimate(&s, NULL, ALWAYS, &out, &fault), ERR_OK);
        auto_json json_t *said = json_loads(out.data, 0, NULL);
        double low = json_number_value(json_object_get(said, "low"));
        assert_true(weight == 1 || low < known);
        known = low;
        sample_done(&s);
    }
    assert_true(known < 0.3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_estimates),
                                       cmocka_unit_test(test_unequal_weights_say_less)};
    json_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
