// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice.h"

#include "base/process/log.h"

#include <stdbool.h>

static bool has_open_metrics(const struct settings *s)
{
    return s->metrics_token[0] == '\0';
}

/* A proxy that nobody listed looks like a visitor with a private address. */
static bool has_unlimited_proxies(const struct settings *s)
{
    return s->address_requests_per_second > 0 && s->trusted.count == 0;
}

static const struct {
    bool (*is_so)(const struct settings *s);
    const char *sentence;
} advice[] = {
    {has_open_metrics,
     "metrics_token is not set: whoever reaches the desk from a private address reads /metrics, "
     "and so does everybody behind a proxy that is not in trusted_proxies and does not say for "
     "whom it asks"},
    {has_unlimited_proxies,
     "trusted_proxies is not set, and private addresses have no limit: behind a proxy with one, "
     "address_requests_per_second holds for nobody"},
};

void advice_log(const struct settings *settings)
{
    for (size_t i = 0; i < sizeof(advice) / sizeof(advice[0]); i++)
        if (advice[i].is_so(settings))
            log_warn("%s", advice[i].sentence);
}
