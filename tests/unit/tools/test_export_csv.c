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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_no_formulas),
        cmocka_unit_test(nor_are_names_of_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
