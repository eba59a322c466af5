// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/incoming/days_query.h"

#include "api/route/problem.h"

#include <stdlib.h>
#include <string.h>

static enum err read(const struct http_request *http, int *ret, struct fault *fault)
{
    static const struct field row = DAYS_QUERY_ROW;
    enum err e = ERR_OK;
    const char *text = http_query(http, row.name, &e);
    if (!text && !e)
        text = row.initial;
    long days = text && strspn(text, "0123456789") == strlen(text) ? strtol(text, NULL, 10) : 0;
    if (days < 1 || days > DAYS_QUERY_MOST)
        return fault_set(fault, ERR_INVALID, "", "days must be a number from 1 to %d",
                         DAYS_QUERY_MOST);
    *ret = (int)days;
    return ERR_OK;
}

bool days_query_read(struct http_request *request, int *ret_days)
{
    struct fault fault;
    if (!read(request, ret_days, &fault))
        return true;
    problem_reply(request, &fault);
    return false;
}
