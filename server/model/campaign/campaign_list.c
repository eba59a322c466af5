// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign_list.h"

#include "base/json/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum err campaign_list_refuse(struct fault *ret_fault, const char *list, size_t index,
                              const char *field, const char *format, ...)
{
    char detail[sizeof(ret_fault->detail)];
    va_list ap;
    va_start(ap, format);
    vsnprintf(detail, sizeof(detail), format, ap);
    va_end(ap);
    char pointer[sizeof(ret_fault->pointer)];
    snprintf(pointer, sizeof(pointer), "/%s/%zu/%s", list, index, field);
    return fault_set(ret_fault, ERR_INVALID, pointer, "%s", detail);
}

size_t campaign_list_index(const json_t *items, const char *key, size_t end)
{
    for (size_t i = 0; i < end; i++)
        if (strcmp(json_text_at(json_array_get(items, i), "key"), key) == 0)
            return i;
    return end;
}

enum err campaign_list_check(const json_t *items, const char *list, struct fault *ret_fault)
{
    for (size_t i = 0; i < json_array_size(items); i++) {
        const char *key = json_text_at(json_array_get(items, i), "key");
        if (campaign_list_index(items, key, i) < i)
            return campaign_list_refuse(ret_fault, list, i, "key", "two of them are called %s",
                                        key);
    }
    return ERR_OK;
}
