// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/process/counter.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t cell(struct counter_page *page, size_t slot, enum counter c)
{
    return atomic_load(&page->slots[slot].cells[c]);
}

static uint64_t ended(const uint64_t account[COUNTER_EVENTS_END])
{
    uint64_t sum = 0;
    for (int c = COUNTER_EVENTS_ACKED; c < COUNTER_EVENTS_END; c++)
        sum += account[c];
    return sum;
}

static void rows_name_every_cell(void **state)
{
    (void)state;
    for (int c = 0; c < COUNTER_COUNT; c++) {
        const struct counter_row *row = &counter_rows[c];
        assert_non_null(row->name);
        assert_int_equal(strncmp(row->name, "mete_", 5), 0);
        bool is_first = c == 0 || strcmp(row->name, counter_rows[c - 1].name) != 0;
        assert_int_equal(is_first, row->help != NULL);
        for (int other = 0; other < c - 1; other++)
            assert_true(!is_first || strcmp(row->name, counter_rows[other].name) != 0);
    }
}

/* Another process counts; this one reads. */
static void a_child_counts_in_its_slot(void **state)
{
    (void)state;
    struct counter_page *page = counter_page_new();
    for (int life = 1; life <= 2; life++) {
        pid_t pid = fork();
        if (pid == 0) {
            counter_enter(page, 3, "edge-3");
            counter_add(COUNTER_LIMITED_KEY, 5);
            counter_set(COUNTER_DATABASE_UP, 2);
            counter_request(7, 202, 120);
            counter_events_come(10);
            counter_events_end(COUNTER_EVENTS_ACKED, 4);
            _exit(0);
        }
        waitpid(pid, NULL, 0);
        assert_int_equal(cell(page, 3, COUNTER_DATABASE_UP), 2);
        assert_int_equal(cell(page, 3, COUNTER_EVENTS_IN_FLIGHT), 6);
        counter_on_death(page, 3);
        assert_int_equal(cell(page, 3, COUNTER_LIMITED_KEY), 5 * life);
        assert_int_equal(cell(page, 3, COUNTER_DATABASE_UP), 0);
        assert_int_equal(cell(page, 3, COUNTER_EVENTS_IN_FLIGHT), 0);
        assert_int_equal(cell(page, 3, COUNTER_EVENTS_LOST), 6 * life);
        assert_int_equal(cell(page, 3, COUNTER_EVENTS_RECEIVED), 10 * life);
    }
    assert_int_equal(counter_statuses[1], 202);
    assert_int_equal(atomic_load(&page->slots[3].codes[7][1]), 2);
    assert_int_equal(atomic_load(&page->slots[3].latency[7].buckets[1]), 2);
    assert_int_equal(atomic_load(&page->slots[3].latency[7].sum), 240);
    assert_string_equal(page->slots[3].name, "edge-3");
}

static void values_fall_into_their_bucket(void **state)
{
    (void)state;
    struct counter_page *page = counter_page_new();
    counter_enter(page, 0, "edge-0");
    const uint64_t values[] = {0, 100, 101, 10000000, 10000001};
    const size_t buckets[] = {0, 0, 1, COUNTER_BOUNDS - 1, COUNTER_BOUNDS};
    for (size_t i = 0; i < 5; i++) {
        uint64_t before = atomic_load(&page->slots[0].latency[1].buckets[buckets[i]]);
        counter_request(1, 200, values[i]);
        assert_int_equal(atomic_load(&page->slots[0].latency[1].buckets[buckets[i]]), before + 1);
    }
    counter_observe(HISTOGRAM_BATCH, 10001);
    assert_int_equal(
        atomic_load(&page->slots[0].distributions[HISTOGRAM_BATCH].buckets[COUNTER_BOUNDS]), 1);
    counter_request(1, 299, 1);
    assert_int_equal(atomic_load(&page->slots[0].codes[1][COUNTER_CODES - 1]), 1);
    counter_leave();
    counter_add(COUNTER_LIMITED_KEY, 1);
    assert_int_equal(cell(page, 0, COUNTER_LIMITED_KEY), 0);
}

static void count_without_end(struct counter_page *page)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    counter_enter(page, 1, "edge-1");
    for (;;) {
        counter_events_come(500);
        counter_events_end(COUNTER_EVENTS_INVALID, 7);
        counter_events_end(COUNTER_EVENTS_ACKED, 450);
        counter_events_end(COUNTER_EVENTS_DUPLICATE, 43);
        for (volatile int pause = 0; pause < 200; pause = pause + 1)
            ;
    }
}

/* However often it is read, and wherever the counting process is killed. */
static void an_account_is_read_whole(void **state)
{
    (void)state;
    struct counter_page *page = counter_page_new();
    uint64_t account[COUNTER_EVENTS_END];
    for (int life = 0; life < 20; life++) {
        pid_t pid = fork();
        if (pid == 0)
            count_without_end(page);
        uint64_t last = 0, changes = 0;
        while (changes < 10) {
            counter_account(&page->slots[1], account);
            assert_int_equal(account[COUNTER_EVENTS_RECEIVED], ended(account));
            changes += account[COUNTER_EVENTS_RECEIVED] != last;
            last = account[COUNTER_EVENTS_RECEIVED];
            sched_yield();
        }
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        counter_on_death(page, 1);
        counter_account(&page->slots[1], account);
        assert_int_equal(account[COUNTER_EVENTS_RECEIVED], ended(account));
        assert_int_equal(account[COUNTER_EVENTS_IN_FLIGHT], 0);
        assert_int_equal(atomic_load(&page->slots[1].account_turn) % 2, 0);
    }
}

/* Stopped between what ended and that it is in flight no more. */
static void a_writer_stopped_in_the_middle_holds_nobody(void **state)
{
    (void)state;
    struct counter_page *page = counter_page_new();
    struct counter_slot *slot = &page->slots[2];
    uint64_t account[COUNTER_EVENTS_END];
    counter_enter(page, 2, "edge-2");
    counter_events_come(500);
    counter_events_end(COUNTER_EVENTS_INVALID, 7);
    counter_bump(&slot->account_turn, 1);
    counter_bump(&slot->cells[COUNTER_EVENTS_ACKED], 450);
    counter_account(slot, account);
    assert_int_equal(account[COUNTER_EVENTS_RECEIVED], ended(account));
    assert_int_equal(account[COUNTER_EVENTS_IN_FLIGHT], 43);
    counter_leave();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_name_every_cell),
        cmocka_unit_test(a_child_counts_in_its_slot),
        cmocka_unit_test(values_fall_into_their_bucket),
        cmocka_unit_test(an_account_is_read_whole),
        cmocka_unit_test(a_writer_stopped_in_the_middle_holds_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
