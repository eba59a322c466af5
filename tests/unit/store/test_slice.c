// SPDX-License-Identifier: GPL-3.0-or-later
/* Visitors are dealt out to slices by the server when events are stored, and by the database when
 * somebody asks for one of them: both must come to the same, whatever the text. */
#include "lib/pg_harness.h"
#include "model/bucket.h"
#include "store/operate/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const texts[] = {
    "",
    "a",
    "v1",
    "undefined",
    "visitor-000000000001",
    "ä",
    "ß",
    "Ω≈ç√∫",
    "中文字",
    "한국어",
    "العربية",
    "שלום",
    "e\u0301",
    "\U0001f600",
    "a\U0001f600b",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0010ffff",
    "\uffff",
    "\ud7ff",
    "\ue000",
    "\x7f",
    " ",
    "'",
    "\\",
    "\"",
    "%",
    "_",
    "\u00a0",
    "a\tb",
    "a\nb",
};

static PGconn *conn;

static void check_text(const char *text)
{
    const char *const params[] = {text};
    PGresult *r =
        PQexecParams(conn, "select fnv1a($1), slice_of($1)", 1, NULL, params, NULL, NULL, 0);
    assert_int_equal(PQresultStatus(r), PGRES_TUPLES_OK);
    uint32_t hash = bucket_fnv1a(text, strlen(text));
    assert_int_equal(strtoll(PQgetvalue(r, 0, 0), NULL, 10), hash);
    assert_int_equal(atoi(PQgetvalue(r, 0, 1)), hash % 8);
    PQclear(r);
}

static void special_texts_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        check_text(texts[i]);
}

/* Up to four bytes of UTF-8. */
static size_t encode(uint32_t code, char *at)
{
    if (code < 0x80)
        return at[0] = (char)code, 1;
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, code >>= 6)
        at[i] = (char)(0x80 | (code & 0x3f));
    at[0] = (char)(uint8_t)((0xf00u >> length) | code);
    return length;
}

static void random_texts_agree(void **state)
{
    (void)state;
    uint32_t seed = 12345;
    for (int i = 0; i < 3000; i++) {
        char text[160];
        size_t length = 0;
        for (int n = i % 37 + 1; n > 0; n--) {
            seed = seed * 1664525u + 1013904223u;
            static const uint32_t tops[] = {0x7f, 0x7ff, 0xffff, 0x10ffff};
            uint32_t code = 1 + (seed >> 8) % tops[seed >> 30];
            length += encode(code >= 0xd800 && code < 0xe000 ? 'x' : code, text + length);
        }
        text[length] = '\0';
        check_text(text);
    }
}

static void the_number_is_fixed_with_the_first_writer(void **state)
{
    (void)state;
    PQclear(PQexec(conn, "select slicing_set(64)"));
    PGresult *r = PQexec(conn, "select max(number), slice_of('v1') from slice");
    assert_string_equal(PQgetvalue(r, 0, 0), "63");
    assert_int_equal(atoi(PQgetvalue(r, 0, 1)), bucket_fnv1a("v1", 2) % 64);
    PQclear(r);
    PQclear(PQexec(conn, "select writer_lease()"));
    r = PQexec(conn, "select slicing_set(8)");
    assert_string_equal(PQresultErrorField(r, PG_DIAG_SQLSTATE), "55000");
    PQclear(r);
    r = PQexec(conn, "select ret_slices from writer_lease()");
    assert_string_equal(PQgetvalue(r, 0, 0), "64");
    PQclear(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(special_texts_agree),
        cmocka_unit_test(random_texts_agree),
        cmocka_unit_test(the_number_is_fixed_with_the_first_writer),
    };
    struct fault fault;
    pg_harness_start();
    const char *db = pg_harness_database("slices");
    if (migrate_apply(db, &schema_embedded, NULL, NULL, &fault))
        fail_msg("%s", fault.detail);
    conn = pg_harness_connect(db);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    PQfinish(conn);
    return failed;
}
