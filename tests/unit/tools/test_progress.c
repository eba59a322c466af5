// SPDX-License-Identifier: GPL-3.0-or-later
/* What a terminal is shown, read from a file in its place. */
#include "base/clock.h"
#include "tools/cli/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What is written to stderr meanwhile. */
static const char *shown(struct progress *p, uint64_t count, const char *note)
{
    static char text[512];
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    assert_true(kept >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    if (count)
        progress_show(p, count, note);
    else
        progress_done(p);
    fflush(stderr);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    rewind(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* As if it had begun so long ago. */
static struct progress begun(uint64_t total, int64_t ago_s)
{
    struct progress p;
    progress_init(&p, "rows", total);
    p.is_terminal = true;
    p.began_us -= ago_s * SECOND_US;
    return p;
}

#define HALF "[###############...............]  50 % 100"
#define FULL "[##############################] 100 % "

static const struct {
    uint64_t total, count;
    const char *note;
    int64_t ago_s;
    const char *text;
    int left_s;
} lines[] = {
    {0, 1234, NULL, 0, "rows 1234", 0},
    {0, 5, "2 refused", 60, "rows 5, 2 refused", 0},
    {200, 1, NULL, 60, "rows [..............................]   0 % 1", 199 * 60},
    {200, 100, NULL, 90, "rows " HALF, 90},
    {200, 100, "a note", 9, "rows " HALF ", a note", 9},
    {200, 200, NULL, 60, "rows " FULL "200", 0},
    {200, 300, NULL, 60, "rows " FULL "300", 0},
};

/* A machine that pauses here makes what is left longer, never shorter. */
static void check_left(const char *text, int least_s)
{
    int minutes, seconds, length = 0;
    if (least_s == 0) {
        assert_string_equal(text, "");
        return;
    }
    assert_int_equal(sscanf(text, ", %d:%2d left%n", &minutes, &seconds, &length), 2);
    assert_int_equal(text[length], '\0');
    assert_in_range(60 * minutes + seconds, least_s, least_s * 100);
}

static void a_line_tells_how_far_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct progress p = begun(lines[i].total, lines[i].ago_s);
        const char *text = shown(&p, lines[i].count, lines[i].note);
        char wanted[128];
        size_t length = (size_t)snprintf(wanted, sizeof(wanted), "\r\x1b[K%s", lines[i].text);
        if (strncmp(text, wanted, length) != 0)
            fail_msg("%s, not %s", text, wanted);
        check_left(text + length, lines[i].left_s);
        assert_string_equal(shown(&p, 0, NULL), "\r\x1b[K");
    }
}

static void a_line_is_not_drawn_too_often(void **state)
{
    (void)state;
    struct progress p = begun(0, 0);
    assert_string_equal(shown(&p, 1, NULL), "\r\x1b[Krows 1");
    p.shown_us = clock_mono_us() + 600 * SECOND_US;
    assert_string_equal(shown(&p, 2, NULL), "");
    p.shown_us = clock_mono_us() - SECOND_US;
    assert_string_equal(shown(&p, 3, NULL), "\r\x1b[Krows 3");
}

static void what_is_no_terminal_sees_nothing(void **state)
{
    (void)state;
    struct progress p = begun(10, 0);
    p.is_terminal = false;
    assert_string_equal(shown(&p, 5, NULL), "");
    assert_string_equal(shown(&p, 0, NULL), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_tells_how_far_it_is),
        cmocka_unit_test(a_line_is_not_drawn_too_often),
        cmocka_unit_test(what_is_no_terminal_sees_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
