// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/phase_query.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 7

static int number_of(const char *text)
{
    size_t length = strlen(text);
    bool is_number = length <= DIGITS_MAX && strspn(text, "0123456789") == length;
    int number = is_number ? atoi(text) : 0;
    return number <= PHASE_QUERY_MAX ? number : 0;
}

enum err phase_query_read(const struct http_request *request, int *ret_phase,
                          struct fault *ret_fault)
{
    enum err e = ERR_OK;
    const char *text = http_query(request, "phase", &e);
    int number = text && !e ? number_of(text) : 0;
    if ((text || e) && number < 1)
        return fault_set(ret_fault, ERR_INVALID, "", "phase must be a whole number from 1 to %d",
                         PHASE_QUERY_MAX);
    *ret_phase = number;
    return ERR_OK;
}
