// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/resource.h"
#include "model/access_key.h"
#include "model/app_user.h"
#include "model/audit.h"
#include "model/campaign.h"
#include "model/environment.h"
#include "model/flag.h"
#include "model/layer.h"
#include "model/metric.h"

#include <string.h>

#define PREFIX "/api/v1/"

static const struct resource resources[] = {
    {"audit", "audit_entry", "an", CONFIG_AUDIT, audit_fields, NULL, false, "id"},
    {"campaigns", "campaign", "a", CONFIG_CAMPAIGN, campaign_fields, campaign_change, false, "key"},
    {"environments", "environment", "an", CONFIG_ENVIRONMENT, environment_fields,
     environment_change, true, "key"},
    {"flags", "flag", "a", CONFIG_FLAG, flag_fields, flag_change, false, "key"},
    {"keys", "key", "a", CONFIG_ACCESS_KEY, access_key_fields, access_key_change, false, "id"},
    {"layers", "layer", "a", CONFIG_LAYER, layer_fields, layer_change, false, "key"},
    {"metrics", "metric", "a", CONFIG_METRIC, metric_fields, metric_change, false, "key"},
    {"rejected-events", "rejected_event", "a", CONFIG_REJECTED_EVENT, rejected_event_fields, NULL,
     false, "id"},
    {"users", "user", "a", CONFIG_USER, app_user_fields, app_user_change, true, "id"},
};

const struct resource *resource_find(const char *route_path)
{
    if (strncmp(route_path, PREFIX, strlen(PREFIX)) != 0)
        return NULL;
    const char *name = route_path + strlen(PREFIX);
    size_t length = strcspn(name, "/");
    for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++)
        if (strlen(resources[i].path) == length && strncmp(resources[i].path, name, length) == 0)
            return &resources[i];
    return NULL;
}

const char *resource_action(const struct route *route)
{
    if (route->verb == VERB_PATCH)
        return "patch";
    if (route->verb == VERB_DELETE)
        return "delete";
    const char *key = strchr(route->path, '}');
    return key && key[1] == '/' ? key + 2 : "create";
}

int64_t resource_scope(const struct resource *resource, const struct desk_request *r)
{
    if (!resource->is_global)
        return r->environment_id;
    return r->holder.is_user || r->holder.role == ROLE_ADMIN ? 0 : r->holder.environment_id;
}
