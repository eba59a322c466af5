// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/pg/row.h"

#include <float.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A result of one row and one column, as libpq would have made it. NULL: SQL null. */
static PGresult *result_of(const char *value)
{
    char name[] = "value", copy[128] = "";
    PGresAttDesc column = {.name = name};
    PGresult *r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    assert_true(PQsetResultAttrs(r, 1, &column));
    if (value)
        strncpy(copy, value, sizeof(copy) - 1);
    assert_true(PQsetvalue(r, 0, 0, value ? copy : NULL, value ? (int)strlen(value) : -1));
    return r;
}

static int64_t int_of(const char *s)
{
    PGresult *r = result_of(s);
    int64_t n = row_int(r, 0, 0);
    PQclear(r);
    return n;
}

static double double_of(const char *s)
{
    PGresult *r = result_of(s);
    double d = row_double(r, 0, 0);
    PQclear(r);
    return d;
}

static bool bool_of(const char *s)
{
    PGresult *r = result_of(s);
    bool b = row_bool(r, 0, 0);
    PQclear(r);
    return b;
}

static void values_are_read(void **state)
{
    (void)state;
    assert_true(int_of("0") == 0);
    assert_true(int_of("-9223372036854775808") == INT64_MIN);
    assert_true(int_of("9223372036854775807") == INT64_MAX);
    assert_true(bool_of("t"));
    assert_false(bool_of("f"));
    assert_true(double_of("0.1") == 0.1);
    assert_true(double_of("1.7976931348623157e+308") == DBL_MAX);
    assert_true(double_of("-Infinity") < -DBL_MAX);
    assert_true(double_of("NaN") != double_of("NaN"));
}

static void nulls_and_texts_are_told_apart(void **state)
{
    (void)state;
    PGresult *null = result_of(NULL), *empty = result_of(""), *text = result_of("é");
    assert_true(row_is_null(null, 0, 0));
    assert_null(row_text(null, 0, 0));
    assert_false(row_is_null(empty, 0, 0));
    assert_string_equal(row_text(empty, 0, 0), "");
    assert_string_equal(row_text(text, 0, 0), "é");
    PQclear(null);
    PQclear(empty);
    PQclear(text);
}

enum kind { KIND_INT, KIND_BOOL, KIND_DOUBLE, KIND_BEYOND };

/* Whether reading it ends the program. */
static bool dies(enum kind kind, const char *value)
{
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        static PGresult *volatile r; /* reachable when the program ends: no leak to report */
        r = result_of(value);
        switch (kind) {
        case KIND_INT:
            (void)row_int(r, 0, 0);
            break;
        case KIND_BOOL:
            (void)row_bool(r, 0, 0);
            break;
        case KIND_DOUBLE:
            (void)row_double(r, 0, 0);
            break;
        case KIND_BEYOND:
            (void)row_text(r, 0, 1);
            break;
        }
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void a_wrong_shape_ends_the_program(void **state)
{
    (void)state;
    assert_false(dies(KIND_INT, "1"));
    assert_true(dies(KIND_INT, NULL));
    assert_true(dies(KIND_INT, ""));
    assert_true(dies(KIND_INT, "1.5"));
    assert_true(dies(KIND_INT, "9223372036854775808"));
    assert_true(dies(KIND_BOOL, "true"));
    assert_true(dies(KIND_DOUBLE, "1,5"));
    assert_true(dies(KIND_BEYOND, "1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read),
        cmocka_unit_test(nulls_and_texts_are_told_apart),
        cmocka_unit_test(a_wrong_shape_ends_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
