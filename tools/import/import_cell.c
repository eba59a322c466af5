// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import_cell.h"

#include "base/text.h"
#include "tools/csv/cell.h"

#include <string.h>

const char *import_text(const struct csv *csv, struct fault *fault, const struct mapping_cell *cell,
                        const char *pointer)
{
    if (!cell->column)
        return cell->constant;
    if (cell->index >= csv_count(csv)) {
        fault_set(fault, ERR_INVALID, pointer, "the record has %zu fields, none for column \"%s\"",
                  csv_count(csv), cell->column);
        return NULL;
    }
    const char *text = csv_field(csv, cell->index);
    if (text_is_utf8(text, strlen(text)))
        return text;
    fault_set(fault, ERR_INVALID, pointer, "column \"%s\" holds text that is not UTF-8",
              cell->column);
    return NULL;
}

enum err import_refuse(struct fault *fault, const char *pointer, const struct mapping_cell *cell,
                       const char *text, const char *wanted)
{
    return fault_set(fault, ERR_INVALID, pointer, "column \"%s\" holds \"%.100s\", not %s",
                     cell->column ? cell->column : "(constant)", text, wanted);
}

bool import_plain_number(const struct mapping_cell *cell, const char *text, char ret[NUMBER_BYTES])
{
    char sign = cell->decimal ? *cell->decimal : cell->sign ? cell->sign : '.';
    return number_plain(sign, text, ret);
}

bool import_add_number(struct buf *out, const struct mapping_cell *cell, const char *text)
{
    char plain[NUMBER_BYTES];
    return import_plain_number(cell, text, plain) && cell_add_number(out, plain);
}

enum err import_variant(const struct csv *csv, struct fault *fault, struct mapping *mapping,
                        const struct mapping_variant **ret)
{
    const char *text = import_text(csv, fault, &mapping->variant, "/variant");
    if (!text)
        return ERR_INVALID;
    const struct mapping_variant *found = mapping_variant(mapping, text, fault);
    if (!found)
        return ERR_INVALID;
    *ret = found;
    return ERR_OK;
}

enum err import_time(const struct csv *csv, struct fault *fault, const struct mapping_time *time,
                     const char *pointer, int64_t *ret_us)
{
    const char *text = import_text(csv, fault, &time->cell, pointer);
    if (!text)
        return ERR_INVALID;
    if (cell_time(text, time->format ? time->format : time->is_month_first ? "mdy" : NULL, ret_us))
        return ERR_OK;
    return import_refuse(fault, pointer, &time->cell, text,
                         time->format ? "a time of the given format"
                                      : "a time like 2026-01-31T12:00:00Z");
}
