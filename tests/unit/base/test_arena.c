// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_WATCHED true
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define IS_WATCHED true
#endif
#ifndef IS_WATCHED
#define IS_WATCHED false
#endif

/* Places that no compiler sees to be wrong. */
static volatile size_t behind = 24, far_behind = 100;

typedef void misuse_fn(struct arena *a);

/* Whether a process that does this to an arena is ended for it. */
static bool ends(misuse_fn *misuse)
{
    pid_t pid = fork();
    if (pid == 0) {
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        misuse(arena_new(256));
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static void write_within(struct arena *a)
{
    for (size_t bytes = 0; bytes < 2000; bytes += 7)
        memset(arena_alloc(a, bytes), 1, bytes);
    arena_reset(a);
    memset(arena_alloc(a, 200), 1, 200);
    arena_free(a);
}

static void write_behind(struct arena *a)
{
    volatile char *p = arena_alloc(a, 24);
    arena_alloc(a, 24);
    p[behind] = 1;
}

static void write_after_reset(struct arena *a)
{
    volatile char *p = arena_alloc(a, 24);
    arena_reset(a);
    p[0] = 1;
}

static void read_free_room(struct arena *a)
{
    volatile char *p = arena_alloc(a, 8);
    (void)p[far_behind];
}

static void pieces_may_be_used_whole(void **state)
{
    (void)state;
    assert_false(ends(write_within));
}

static void what_was_not_given_ends_the_process(void **state)
{
    (void)state;
    if (!IS_WATCHED)
        skip();
    assert_true(ends(write_behind));
    assert_true(ends(write_after_reset));
    assert_true(ends(read_free_room));
}

static void pieces_are_aligned_and_apart(void **state)
{
    (void)state;
    auto_arena struct arena *a = arena_new(0);
    char *before = arena_strdup(a, "before");
    for (size_t bytes = 1; bytes < 300; bytes++) {
        char *p = arena_zalloc(a, bytes);
        assert_int_equal((uintptr_t)p % 16, 0);
        assert_true(p[0] == 0 && p[bytes - 1] == 0);
        memset(p, 0xff, bytes);
    }
    assert_string_equal(before, "before");
    assert_string_equal(arena_printf(a, "%d-%s", 7, before), "7-before");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_may_be_used_whole),
        cmocka_unit_test(what_was_not_given_ends_the_process),
        cmocka_unit_test(pieces_are_aligned_and_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
