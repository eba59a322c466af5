// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/stats/stats_table.h"

#include "base/json/json.h"

#include <inttypes.h>
#include <math.h>

static void write_double(double value, struct buf *out)
{
    if (isinf(value))
        buf_add_str(out, value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    else
        json_add_number(out, value);
}

static void write_number(const struct stats_number *number, struct buf *out)
{
    if (number->is_known)
        write_double(number->value, out);
    else
        buf_add_str(out, "null");
}

static void write_interval(const struct stats_interval *interval, struct buf *out)
{
    if (!interval->is_known) {
        buf_add_str(out, "null");
        return;
    }
    buf_add_char(out, '[');
    write_double(interval->lower, out);
    buf_add_char(out, ',');
    write_double(interval->upper, out);
    buf_add_char(out, ']');
}

static void write_numbers(const struct stats_numbers *numbers, struct buf *out)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < numbers->count; i++) {
        json_add_comma(out);
        write_number(&numbers->value[i], out);
    }
    buf_add_char(out, ']');
}

static void write_intervals(const struct stats_intervals *intervals, struct buf *out)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < intervals->count; i++) {
        json_add_comma(out);
        write_interval(&intervals->value[i], out);
    }
    buf_add_char(out, ']');
}

static void write_pointed(const struct stats_out_field *field, const void *from, struct buf *out)
{
    const void *pointed = *(const void *const *)from;
    if (pointed)
        stats_write(field->fields, pointed, out);
    else
        buf_add_str(out, "null");
}

static void write_field(const struct stats_out_field *field, const void *from, struct buf *out)
{
    switch (field->kind) {
    case STATS_OUT_COUNT:
        buf_printf(out, "%" PRIu64, *(const uint64_t *)from);
        break;
    case STATS_OUT_DOUBLE:
        write_double(*(const double *)from, out);
        break;
    case STATS_OUT_NUMBER:
        write_number(from, out);
        break;
    case STATS_OUT_INTERVAL:
        write_interval(from, out);
        break;
    case STATS_OUT_STATUS:
        json_add_string(out, stats_status_name(*(const enum stats_status *)from));
        break;
    case STATS_OUT_NUMBERS:
        write_numbers(from, out);
        break;
    case STATS_OUT_INTERVALS:
        write_intervals(from, out);
        break;
    case STATS_OUT_OBJECT:
        stats_write(field->fields, from, out);
        break;
    case STATS_OUT_POINTER:
        write_pointed(field, from, out);
        break;
    }
}

void stats_write(const struct stats_out_field *fields, const void *from, struct buf *out)
{
    buf_add_char(out, '{');
    for (const struct stats_out_field *field = fields; field->name; field++) {
        json_add_key(out, field->name);
        write_field(field, (const char *)from + field->offset, out);
    }
    buf_add_char(out, '}');
}
