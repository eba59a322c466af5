// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A file of exchange rates: the first byte says whether a base is named beside it, and whose money
 * the environment counts in. What is read is in order, one rate a currency and day, and each number
 * is one that the database takes; what is refused says why.
 */
#include "base/mem.h"
#include "model/rate/rate_file.h"

#include <string.h>

#define TODAY 20787 /* 2026-11-30 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_row(const struct rate_list *list, size_t i, const char *own)
{
    const struct rate *row = &list->rows[i];
    must(strlen(row->base) == 3 && strlen(row->currency) == 3 && strcmp(row->currency, own) != 0);
    must(rate_is_number(row->rate) && rate_is_number(row->own_rate));
    must(row->day <= list->today);
    if (i == 0)
        return;
    int order = strcmp(list->rows[i - 1].currency, row->currency);
    must(order < 0 || (order == 0 && list->rows[i - 1].day < row->day));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const bases[] = {NULL, "EUR", "USD", "JPY"};
    static const char *const owns[] = {"EUR", "CHF"};
    if (size == 0)
        return 0;
    const char *base = bases[data[0] % 4], *own = owns[data[0] / 4 % 2];
    auto_arena struct arena *arena = arena_new(0);
    struct rate_list list = {.arena = arena, .today = TODAY};
    struct fault fault = {0};
    /* No byte behind the text is read: a copy that ends where its memory does. */
    char *text = mem_alloc(size);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    enum err e = rate_file_read(text, size - 1, base, own, &list, &fault);
    e = e ? e : rates_settle(&list, own, &fault);
    if (e)
        must(e == ERR_INVALID && fault.detail[0]);
    else
        must(list.count > 0);
    for (size_t i = 0; !e && i < list.count; i++)
        check_row(&list, i, own);
    mem_free(text);
    return 0;
}
