// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/desk/desk_routes.h"

#include "api/access/account.h"
#include "api/access/audit.h"
#include "api/access/login_link.h"
#include "api/access/provider.h"
#include "api/access/second_factor.h"
#include "api/access/session.h"
#include "api/desk/openapi.h"
#include "api/desk/page.h"
#include "api/incoming/data_quality.h"
#include "api/incoming/live.h"
#include "api/incoming/refusals.h"
#include "api/report/audience.h"
#include "api/report/distribution.h"
#include "api/report/export.h"
#include "api/report/job.h"
#include "api/report/plan.h"
#include "api/report/prove.h"
#include "api/report/results.h"
#include "api/report/split.h"
#include "api/report/uplift.h"
#include "api/report/visitor.h"
#include "api/resource/currency_rates.h"
#include "api/resource/resource_routes.h"
#include "api/site/install.h"
#include "api/site/preview.h"
#include "api/watch/watch_page.h"

#include <string.h>

static const struct route *const tables[] = {
    page_routes,          watch_routes,         login_link_routes,   session_routes,
    account_routes,       openapi_routes,       export_routes,       results_routes,
    audience_routes,      visitor_routes,       uplift_routes,       plan_routes,
    prove_routes,         job_routes,           distribution_routes, data_quality_routes,
    refusal_routes,       currency_rate_routes, live_routes,         install_routes,
    second_factor_routes, provider_routes,      preview_routes,      split_routes,
    audit_routes,
};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

static size_t count_rows(const struct route *rows)
{
    size_t count = 0;
    while (rows[count].path)
        count++;
    return count;
}

static size_t count_all(void)
{
    size_t count = 0;
    for (size_t i = 0; i < TABLES; i++)
        count += count_rows(tables[i]);
    for (size_t i = 0; i < resource_count; i++)
        count += resource_count_routes(&resources[i]);
    return count;
}

struct route_table desk_routes_make(struct arena *arena)
{
    size_t count = count_all(), at = 0;
    struct route *rows = arena_alloc(arena, count * sizeof(*rows));
    for (size_t i = 0; i < TABLES; i++) {
        memcpy(&rows[at], tables[i], count_rows(tables[i]) * sizeof(*rows));
        at += count_rows(tables[i]);
    }
    for (size_t i = 0; i < resource_count; i++) {
        resource_make_routes(&resources[i], arena, &rows[at]);
        at += resource_count_routes(&resources[i]);
    }
    return (struct route_table){rows, count};
}
