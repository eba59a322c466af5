// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/export/export_csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What one row with one member is written as. */
static void check_row(const char *name, json_t *value, const char *wanted)
{
    struct export_csv csv = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&text, &length);
    json_t *row = json_object();
    json_object_set(row, name, value);
    export_csv_write(&csv, row, to);
    fclose(to);
    assert_string_equal(text, wanted);
    free(text);
    json_decref(row);
    export_csv_done(&csv);
}

/* The same table is read for the files of the app. */
static void cells_are_no_formulas(void **state)
{
    (void)state;
    json_error_t error;
    json_t *cells = json_load_file(CSV_CELLS, JSON_DECODE_ANY, &error);
    assert_non_null(cells);
    assert_true(json_array_size(cells) >= 10);
    for (size_t i = 0; i < json_array_size(cells); i++) {
        json_t *cell = json_array_get(cells, i);
        const char *written = json_string_value(json_array_get(cell, 1));
        char wanted[256];
        snprintf(wanted, sizeof(wanted), "column\n%s\n", written);
        check_row("column", json_array_get(cell, 0), wanted);
    }
    json_decref(cells);
}

static void nor_are_names_of_columns(void **state)
{
    (void)state;
    json_t *one = json_integer(1);
    check_row("=1+1", one, "'=1+1\n1\n");
    check_row("@a,b", one, "\"'@a,b\"\n1\n");
    json_decref(one);
}

/* Rows, each a line of JSON, and the header they have together. */
static const struct {
    const char *rows[3], *header;
} unlike[] = {
    {{"{\"a\":1}", "{\"a\":2}"}, "a"},
    {{"{\"a\":1}", "{\"a\":2,\"b\":3}"}, "a,b"},
    {{"{\"a\":1,\"b\":3}", "{\"a\":2}"}, "a,b"},
    {{"{\"b\":1}", "{\"a\":2,\"b\":3}"}, "b,a"},
    {{"{\"a\":null}", "{\"a\":{\"x\":1}}"}, "a.x"},
    {{"{\"a\":{\"x\":1}}", "{\"a\":null}"}, "a.x"},
    {{"{\"a\":null}", "{\"a\":null}"}, "a"},
    {{"{\"a\":{\"x\":null}}", "{\"a\":{\"x\":{\"y\":1}}}"}, "a.x.y"},
    {{"{\"a\":{\"x\":1}}", "{\"a\":{\"z\":1}}", "{\"b\":1}"}, "a.x,a.z,b"},
    {{"{\"a\":1}", "{\"ab\":1}", "{\"a\":{\"b\":1}}"}, "ab,a.b"},
    {{"{\"properties\":null}", "{\"properties\":{\"x\":1}}"}, "properties"},
    {{"{\"k\":\"a\"}", "{\"k\":\"b\",\"e\":{\"p\":1,\"i\":[1,2]}}", "{\"k\":\"c\"}"}, "k,e.p,e.i"},
};

static void columns_are_those_of_all_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(unlike) / sizeof(unlike[0]); i++) {
        struct export_csv csv = {0};
        char *text = NULL;
        size_t length = 0;
        FILE *to = open_memstream(&text, &length);
        json_t *rows[3] = {0};
        for (size_t k = 0; k < 3 && unlike[i].rows[k]; k++)
            export_csv_gather(&csv, rows[k] = json_loads(unlike[i].rows[k], 0, NULL));
        for (size_t k = 0; k < 3 && rows[k]; k++) {
            export_csv_write(&csv, rows[k], to);
            json_decref(rows[k]);
        }
        fclose(to);
        *strchr(text, '\n') = 0;
        assert_string_equal(text, unlike[i].header);
        free(text);
        export_csv_done(&csv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_no_formulas),
        cmocka_unit_test(nor_are_names_of_columns),
        cmocka_unit_test(columns_are_those_of_all_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
