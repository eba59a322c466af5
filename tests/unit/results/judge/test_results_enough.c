// SPDX-License-Identifier: GPL-3.0-or-later
/* From how many on an always-valid answer is given of a ratio: of the units that carry it, not of
 * those that were seen. */
#include "stats/core/dist.h"
#include "unit/lib/results_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ORDER_VALUE                                                                                \
    "{\"id\":2,\"key\":\"value\",\"role\":\"secondary\",\"is_computed\":true,\"document\":{},"     \
    "\"definition\":{\"kind\":\"mean\",\"scale\":1,"                                               \
    "\"numerator\":{\"event\":\"purchase\",\"value\":\"value\"}}}"

/* Orders of 9 and 11 by turns, 'each' of a buyer; one buyer more has 'heap' of 10 each. */
static void add_arm(struct results_bench *p, const char *variant, long long buyers, long long each,
                    long long heap)
{
    char sums[160];
    long long orders = buyers * each + heap, squares = buyers * each * each + heap * heap;
    snprintf(sums, sizeof(sums),
             ",\"n\":\"%lld\",\"d\":\"%lld\",\"nn\":\"%lld\",\"nd\":\"%lld\",\"dd\":\"%lld\"",
             orders * 10, orders, squares * 101, squares * 10, squares);
    results_bench_row(&p->sums, "\"day\":\"\"", 2, variant, 1000, sums);
}

static const struct {
    long long a, b, each, heap;
    const char *status;
} rows[] = {
    {0, 0, 1, 0, "insufficient_data"},
    {5, 5, 1, 0, "insufficient_data"},
    {29, 29, 1, 0, "insufficient_data"},
    {30, 29, 1, 0, "insufficient_data"},
    {29, 400, 1, 0, "insufficient_data"},
    {30, 30, 1, 0, "ok"},
    {30, 400, 1, 0, "ok"},
    {15, 15, 2, 0, "insufficient_data"}, /* as many orders, of half as many buyers */
    {29, 29, 5, 0, "insufficient_data"},
    {30, 30, 5, 0, "ok"},
    {60, 60, 1, 60, "insufficient_data"}, /* one buyer made half of the orders */
    {900, 900, 1, 10, "ok"},
};

static void a_ratio_stands_on_its_carriers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct results_bench p = {.tuned_units = 4000,
                                  .metrics =
                                      "[" CONVERSION(1, "goal", "primary", "") "," ORDER_VALUE "]"};
        add_arm(&p, "a", rows[i].a, rows[i].each, rows[i].heap);
        add_arm(&p, "b", rows[i].b, rows[i].each, rows[i].heap);
        AT(&p, 0, 1000, 1000, 100, 100);
        auto_json json_t *r = results_bench_run(&p);
        const json_t *found = results_bench_at(r, "metrics/1/variants/1/effect/sequential/status");
        if (strcmp(json_string_value(found), rows[i].status))
            fail_msg("row %zu: %s, not %s", i, json_string_value(found), rows[i].status);
    }
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_ratio_stands_on_its_carriers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
