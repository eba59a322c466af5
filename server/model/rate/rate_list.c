// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/rate/rate_list.h"

#include "base/clock.h"
#include "model/currency.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

bool rate_is_number(const char *text)
{
    size_t whole = strspn(text, "0123456789");
    const char *rest = text + whole;
    size_t part = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
    if (whole < 1 || whole > RATE_DIGITS || part > RATE_DIGITS || (*rest == '.' && part == 0))
        return false;
    if (rest[part + (*rest == '.')] != '\0')
        return false;
    return strcspn(text, "123456789") < strlen(text);
}

const char *rate_number_text(struct arena *arena, double value)
{
    char told[40];
    snprintf(told, sizeof(told), "%.14e", value);
    const int exponent = atoi(strchr(told, 'e') + 1);
    char *text = arena_printf(arena, "%.*f", exponent < 14 ? 14 - exponent : 0, value);
    char *end = text + strlen(text);
    if (strchr(text, '.'))
        while (end[-1] == '0')
            *--end = '\0';
    if (end[-1] == '.')
        end[-1] = '\0';
    return text;
}

static int month_of(const char *name, size_t length)
{
    for (int i = 0; i < 12; i++)
        if (strlen(months[i]) == length && strncmp(months[i], name, length) == 0)
            return i + 1;
    return 0;
}

static bool day_of_date(const char *date, int32_t *ret_day)
{
    char text[40];
    int64_t us;
    snprintf(text, sizeof(text), "%.10sT00:00:00Z", date);
    if (strlen(date) != 10 || !clock_parse(text, strlen(text), &us))
        return false;
    *ret_day = clock_day(us);
    return true;
}

bool rate_read_day(const char *text, int32_t *ret_day)
{
    size_t digits = strspn(text, "0123456789");
    if (digits < 1 || digits > 2 || text[digits] != ' ')
        return day_of_date(text, ret_day);
    const char *name = text + digits + 1;
    size_t letters = strcspn(name, " ");
    int month = month_of(name, letters);
    const char *year = name + letters + (name[letters] == ' ');
    char date[32];
    if (month == 0 || strlen(year) != 4)
        return false;
    snprintf(date, sizeof(date), "%s-%02d-%02d", year, month, atoi(text));
    return day_of_date(date, ret_day);
}

/* Three letters, in whatever case; ret_code is in capitals. */
static bool read_code(const char *text, char ret_code[4])
{
    char code[4] = "";
    for (size_t i = 0; i < 3; i++) {
        if (!isalpha((unsigned char)text[i]))
            return false;
        code[i] = (char)toupper((unsigned char)text[i]);
    }
    memcpy(ret_code, code, 4);
    return text[3] == '\0';
}

static struct rate *append(struct rate_list *list)
{
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 256;
        struct rate *rows = arena_alloc(list->arena, room * sizeof(*rows));
        if (list->count > 0)
            memcpy(rows, list->rows, list->count * sizeof(*rows));
        list->rows = rows;
        list->room = room;
    }
    return &list->rows[list->count++];
}

enum err rates_add(struct rate_list *list, const struct rate_told *told, struct fault *ret_fault)
{
    struct rate row = {.line = told->line};
    if (!rate_read_day(told->day, &row.day))
        return fault_set(ret_fault, ERR_INVALID, "/day", "\"%.40s\" is not a day as 2026-11-27",
                         told->day);
    if (row.day > list->today)
        return fault_set(ret_fault, ERR_INVALID, "/day", "%.40s lies in the future", told->day);
    if (!read_code(told->base, row.base) || currency_digits(row.base) < 0)
        return fault_set(ret_fault, ERR_INVALID, "/base",
                         "\"%.40s\" is not a currency of ISO 4217, as EUR", told->base);
    if (!read_code(told->currency, row.currency))
        return fault_set(ret_fault, ERR_INVALID, "/currency",
                         "\"%.40s\" is not a currency of ISO 4217, as USD", told->currency);
    if (!rate_is_number(told->rate))
        return fault_set(ret_fault, ERR_INVALID, "/rate",
                         "\"%.40s\" is not a number above zero, of at most %d digits before the "
                         "point and behind it",
                         told->rate, RATE_DIGITS);
    if (currency_digits(row.currency) < 0) {
        list->unknown_count++;
        return ERR_OK;
    }
    if (strcmp(row.base, row.currency) == 0)
        return ERR_OK;
    row.rate = arena_strdup(list->arena, told->rate);
    *append(list) = row;
    return ERR_OK;
}

static int by_base(const void *a, const void *b)
{
    const struct rate *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return strcmp(x->base, y->base);
}

static int by_currency(const void *a, const void *b)
{
    const struct rate *x = a, *y = b;
    int order = strcmp(x->currency, y->currency);
    if (order)
        return order;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* Keeps the rows [first, last) of a day and base at 'left', without that of the own currency, when
 * it is known what that was. Returns where the next ones go. */
static size_t settle_day(struct rate_list *list, size_t first, size_t last, const char *own,
                         size_t left)
{
    const char *own_rate = strcmp(list->rows[first].base, own) == 0 ? "1" : NULL;
    bool is_across = !own_rate;
    struct rate base = list->rows[first];
    for (size_t i = first; i < last && is_across; i++)
        if (strcmp(list->rows[i].currency, own) == 0)
            own_rate = list->rows[i].rate;
    if (!own_rate) {
        list->unused_count += last - first;
        return left;
    }
    for (size_t i = first; i < last; i++) {
        struct rate row = list->rows[i];
        row.own_rate = own_rate;
        if (strcmp(row.currency, own) == 0) { /* its place is the base's: that is worth 1 */
            row = base;
            memcpy(row.currency, base.base, 4);
            row.rate = "1";
            row.own_rate = own_rate;
        }
        list->rows[left++] = row;
    }
    return left;
}

enum err rates_settle(struct rate_list *list, const char *own, struct fault *ret_fault)
{
    size_t left = 0;
    if (list->count > 0)
        qsort(list->rows, list->count, sizeof(*list->rows), by_base);
    for (size_t first = 0, last; first < list->count; first = last) {
        last = first;
        while (last < list->count && by_base(&list->rows[first], &list->rows[last]) == 0)
            last++;
        left = settle_day(list, first, last, own, left);
    }
    list->count = left;
    if (left == 0 && list->unused_count > 0)
        return fault_set(ret_fault, ERR_INVALID, "",
                         "there is no rate of %s, the environment's currency, beside the others: "
                         "nothing can be converted",
                         own);
    if (left == 0)
        return fault_set(ret_fault, ERR_INVALID, "", "there is no rate of a currency in use");
    qsort(list->rows, left, sizeof(*list->rows), by_currency);
    for (size_t i = 1; i < left; i++)
        if (strcmp(list->rows[i - 1].currency, list->rows[i].currency) == 0 &&
            list->rows[i - 1].day == list->rows[i].day)
            return fault_set(ret_fault, ERR_INVALID, "",
                             "%s has two rates on one day, the second in line %zu",
                             list->rows[i].currency, list->rows[i].line);
    return ERR_OK;
}
