// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/resource/resource.h"

#include "model/admin/access_key.h"
#include "model/admin/app_user.h"
#include "model/admin/audit.h"
#include "model/admin/dimension.h"
#include "model/admin/environment.h"
#include "model/admin/flag.h"
#include "model/admin/import.h"
#include "model/admin/layer.h"
#include "model/admin/share.h"
#include "model/admin/tracking.h"
#include "model/campaign/campaign.h"
#include "model/metric/metric.h"

static const struct resource_move environment_moves[] = {
    {"panic", ROLE_PUBLISHER, environment_panic_fields, 0,
     "Gives everybody the control, or ends that", true},
    {"revoke_previews", ROLE_ADMIN, NULL, 0, "Ends all preview links of its campaigns", false},
    {"track", ROLE_EDITOR, tracking_fields, 4 << 10, "Lets its pages count a click, or a form",
     false},
    {0},
};

static const struct resource_move user_moves[] = {
    {"reset", ROLE_ADMIN, NULL, 0,
     "Takes password, second factor and sessions away; shows a new link", false},
    {0},
};

static const char *const seed_words[] = {"keep", "new", NULL};
static const struct field campaign_patch_query[] = {
    RESOURCE_DRY_RUN,
    {.name = "seed",
     .kind = FIELD_WORD,
     .words = seed_words,
     .meaning = "of a phase that the change opens. keep: the one before it, visitors stay where "
                "weights and coverage let them; new (default): all are allotted anew"},
    {0},
};

static const struct resource_move campaign_moves[] = {
    {"start", ROLE_PUBLISHER, NULL, 0, "Opens phase 1 to visitors", false},
    {"pause", ROLE_PUBLISHER, NULL, 0, "Lets nobody in for a while", false},
    {"resume", ROLE_PUBLISHER, NULL, 0, "Goes on in the same phase", false},
    {"stop", ROLE_PUBLISHER, campaign_stop_fields, 64 << 10,
     "Ends it; gives its share of the layer back", false},
    {"ship", ROLE_PUBLISHER, campaign_ship_fields, 64 << 10,
     "Ends it, and gives one variant to everybody: opens a rollout of it", false},
    {"archive", ROLE_EDITOR, NULL, 0, "Puts it away", false},
    {"copy", ROLE_EDITOR, campaign_copy_fields, 4 << 10,
     "Makes a draft with all of it but schedule, forced visitors and decision; replies with that",
     false},
    {"revoke_previews", ROLE_EDITOR, NULL, 0, "Ends all of its preview links", false},
    {"import", ROLE_PUBLISHER, import_told_fields, 1 << 20,
     "Makes a draft the campaign of an import, which serves nobody", false},
    {0},
};

static const struct resource_move import_moves[] = {
    {"finish", ROLE_PUBLISHER, import_finish_fields, 0, "Says that all of it was sent", false},
    {0},
};

const struct resource resources[] = {
    {
        .path = "environments",
        .noun = "environment",
        .article = "an",
        .statements = "environment",
        .fields = environment_fields,
        .change = environment_change,
        .is_global = true,
        .is_environment = true,
        .is_access = true,
        .key = "key",
        .reader = ROLE_VIEWER,
        .writer = ROLE_ADMIN,
        .list = "Lists environments",
        .create = "Makes an environment",
        .remove = "Archives an environment",
        .moves = environment_moves,
    },
    {
        .path = "keys",
        .noun = "key",
        .article = "a",
        .statements = "access_key",
        .fields = access_key_fields,
        .change = access_key_change,
        .is_access = true,
        .key = "id",
        .reader = ROLE_ADMIN,
        .writer = ROLE_ADMIN,
        .list = "Lists keys",
        .create = "Makes a key; shows its token",
        .remove = "Revokes a key",
    },
    {
        .path = "users",
        .noun = "user",
        .article = "a",
        .statements = "app_user",
        .fields = app_user_fields,
        .change = app_user_change,
        .is_global = true,
        .is_access = true,
        .key = "id",
        .reader = ROLE_ADMIN,
        .writer = ROLE_ADMIN,
        .list = "Lists users",
        .create = "Invites a user; shows a link that opens a session once",
        .moves = user_moves,
    },
    {
        .path = "flags",
        .noun = "flag",
        .article = "a",
        .statements = "flag",
        .fields = flag_fields,
        .change = flag_change,
        .key = "key",
        .reader = ROLE_VIEWER,
        .writer = ROLE_EDITOR,
        .list = "Lists flags",
        .create = "Makes a flag",
        .remove = "Archives a flag",
    },
    {
        .path = "metrics",
        .noun = "metric",
        .article = "a",
        .statements = "metric",
        .fields = metric_fields,
        .change = metric_change,
        .key = "key",
        .reader = ROLE_VIEWER,
        .writer = ROLE_EDITOR,
        .list = "Lists metrics",
        .create = "Makes a metric",
        .remove = "Archives a metric",
    },
    {
        .path = "layers",
        .noun = "layer",
        .article = "a",
        .statements = "layer",
        .fields = layer_fields,
        .change = layer_change,
        .key = "key",
        .reader = ROLE_VIEWER,
        .writer = ROLE_EDITOR,
        .list = "Lists layers",
        .create = "Makes a layer",
        .remove = "Archives a layer",
    },
    {
        .path = "dimensions",
        .noun = "dimension",
        .article = "a",
        .statements = "dimension",
        .fields = dimension_fields,
        .change = dimension_change,
        .key = "key",
        .reader = ROLE_VIEWER,
        .writer = ROLE_EDITOR,
        .list = "Lists dimensions",
        .create = "Makes a dimension, for campaigns that are started from now on",
        .remove = "Archives a dimension; campaigns that were started keep it",
    },
    {
        .path = "campaigns",
        .noun = "campaign",
        .article = "a",
        .statements = "campaign",
        .fields = campaign_fields,
        .change = campaign_change,
        .key = "key",
        .patch_query = campaign_patch_query,
        .reader = ROLE_VIEWER,
        .writer = ROLE_EDITOR,
        .list = "Lists campaigns",
        .create = "Makes a draft",
        .remove = "Deletes a draft, archives a stopped campaign",
        .moves = campaign_moves,
    },
    {
        .path = "imports",
        .noun = "import",
        .article = "an",
        .statements = "import",
        .fields = import_fields,
        .change = import_change,
        .key = "id",
        .reader = ROLE_VIEWER,
        .writer = ROLE_PUBLISHER,
        .list = "Lists imports, newest first; also those that were taken back",
        .remove = "Takes an import back: its campaign, results and events go",
        .moves = import_moves,
    },
    {
        .path = "shares",
        .noun = "share",
        .article = "a",
        .statements = "share",
        .fields = share_fields,
        .change = share_change,
        .key = "id",
        .reader = ROLE_VIEWER,
        .writer = ROLE_PUBLISHER,
        .list = "Lists links that show results without signing in",
        .create = "Makes a link to a campaign's results; shows its token",
        .remove = "Revokes a link",
    },
    {
        .path = "rejected-events",
        .noun = "rejected_event",
        .article = "a",
        .statements = "rejected_event",
        .fields = rejected_event_fields,
        .key = "id",
        .reader = ROLE_VIEWER,
        .list = "Lists refused events, newest first",
    },
};

const size_t resource_count = sizeof(resources) / sizeof(resources[0]);

int64_t resource_scope(const struct resource *resource, const struct desk_request *r)
{
    if (!resource->is_global)
        return r->environment_id;
    return r->holder.is_user || r->holder.role == ROLE_ADMIN ? 0 : r->holder.environment_id;
}
