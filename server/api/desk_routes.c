// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/desk_routes.h"

#include "api/account.h"
#include "api/audience.h"
#include "api/distribution.h"
#include "api/export.h"
#include "api/job.h"
#include "api/openapi.h"
#include "api/page.h"
#include "api/plan.h"
#include "api/prove.h"
#include "api/resource_change.h"
#include "api/resource_read.h"
#include "api/results.h"
#include "api/session.h"
#include "api/uplift.h"
#include "api/visitor.h"
#include "api/watch_page.h"
#include "model/role.h"

#define API       "/api/v1"
#define BODY      (1 << 20)
#define MOVE      (1 << 10)
#define CONDITION (1 << 16)

const struct route desk_routes[] = {
    {VERB_GET, "/", ROLE_NONE, 0, page_home, "The UI"},
    {VERB_GET, "/app/{page}", ROLE_NONE, 0, page_home, "A page of the UI"},
    {VERB_GET, "/app/{page}/{key}", ROLE_NONE, 0, page_home, "The UI's page of one thing"},
    {VERB_GET, "/app/{page}/{key}/{view}", ROLE_NONE, 0, page_home, "One view of that page"},
    {VERB_GET, "/assets/{file}", ROLE_NONE, 0, page_asset, "A script or style of the UI"},
    {VERB_GET, "/livez", ROLE_NONE, 0, page_livez, "Whether the process answers"},
    {VERB_GET, "/readyz", ROLE_NONE, 0, watch_ready,
     "Whether the database is there, and what lags"},
    {VERB_GET, "/metrics", ROLE_NONE, 0, watch_metrics,
     "Counters of all processes, for Prometheus"},
    {VERB_GET, "/login/{token}", ROLE_NONE, 0, session_login, "Opens a session, once"},
    {VERB_GET, API "/session", ROLE_VIEWER, 0, session_read, "Who asks, and the environments"},
    {VERB_POST, API "/login", ROLE_NONE, MOVE, account_login,
     "Opens a session by e-mail and password"},
    {VERB_PATCH, API "/account", ROLE_VIEWER, MOVE, account_change,
     "Changes one's own e-mail or password"},
    {VERB_GET, API "/sessions", ROLE_VIEWER, 0, session_list, "Lists one's own open sessions"},
    {VERB_DELETE, API "/sessions", ROLE_VIEWER, 0, session_end_all, "Signs out everywhere"},
    {VERB_DELETE, API "/sessions/{id}", ROLE_VIEWER, 0, session_end, "Ends one of them"},
    {VERB_POST, API "/logout", ROLE_VIEWER, 0, session_logout, "Ends the session"},
    {VERB_GET, API "/openapi.json", ROLE_VIEWER, 0, openapi_read, "This description"},

    {VERB_GET, API "/environments", ROLE_VIEWER, 0, resource_list, "Lists environments"},
    {VERB_POST, API "/environments", ROLE_ADMIN, BODY, resource_change, "Makes an environment"},
    {VERB_GET, API "/environments/{key}", ROLE_VIEWER, 0, resource_read, "Reads an environment"},
    {VERB_PATCH, API "/environments/{key}", ROLE_ADMIN, BODY, resource_change,
     "Changes an environment"},
    {VERB_DELETE, API "/environments/{key}", ROLE_ADMIN, 0, resource_change,
     "Archives an environment"},
    {VERB_POST, API "/environments/{key}/panic", ROLE_PUBLISHER, MOVE, resource_change,
     "Gives everybody the control, or ends that"},

    {VERB_GET, API "/keys", ROLE_ADMIN, 0, resource_list, "Lists keys"},
    {VERB_POST, API "/keys", ROLE_ADMIN, BODY, resource_change, "Makes a key; shows its token"},
    {VERB_GET, API "/keys/{id}", ROLE_ADMIN, 0, resource_read, "Reads a key"},
    {VERB_PATCH, API "/keys/{id}", ROLE_ADMIN, BODY, resource_change, "Changes a key"},
    {VERB_DELETE, API "/keys/{id}", ROLE_ADMIN, 0, resource_change, "Revokes a key"},

    {VERB_GET, API "/users", ROLE_ADMIN, 0, resource_list, "Lists users"},
    {VERB_POST, API "/users", ROLE_ADMIN, BODY, resource_change,
     "Invites a user; shows a link that opens a session once"},
    {VERB_GET, API "/users/{id}", ROLE_ADMIN, 0, resource_read, "Reads a user"},
    {VERB_PATCH, API "/users/{id}", ROLE_ADMIN, BODY, resource_change,
     "Changes or disables a user"},
    {VERB_POST, API "/users/{id}/reset", ROLE_ADMIN, MOVE, resource_change,
     "Takes password and sessions away; shows a new link"},

    {VERB_GET, API "/flags", ROLE_VIEWER, 0, resource_list, "Lists flags"},
    {VERB_POST, API "/flags", ROLE_EDITOR, BODY, resource_change, "Makes a flag"},
    {VERB_GET, API "/flags/{key}", ROLE_VIEWER, 0, resource_read, "Reads a flag"},
    {VERB_PATCH, API "/flags/{key}", ROLE_EDITOR, BODY, resource_change, "Changes a flag"},
    {VERB_DELETE, API "/flags/{key}", ROLE_EDITOR, 0, resource_change, "Archives a flag"},

    {VERB_GET, API "/metrics", ROLE_VIEWER, 0, resource_list, "Lists metrics"},
    {VERB_POST, API "/metrics", ROLE_EDITOR, BODY, resource_change, "Makes a metric"},
    {VERB_GET, API "/metrics/{key}", ROLE_VIEWER, 0, resource_read, "Reads a metric"},
    {VERB_PATCH, API "/metrics/{key}", ROLE_EDITOR, BODY, resource_change, "Changes a metric"},
    {VERB_DELETE, API "/metrics/{key}", ROLE_EDITOR, 0, resource_change, "Archives a metric"},

    {VERB_GET, API "/layers", ROLE_VIEWER, 0, resource_list, "Lists layers"},
    {VERB_POST, API "/layers", ROLE_EDITOR, BODY, resource_change, "Makes a layer"},
    {VERB_GET, API "/layers/{key}", ROLE_VIEWER, 0, resource_read, "Reads a layer"},
    {VERB_PATCH, API "/layers/{key}", ROLE_EDITOR, BODY, resource_change, "Changes a layer"},
    {VERB_DELETE, API "/layers/{key}", ROLE_EDITOR, 0, resource_change, "Archives a layer"},

    {VERB_GET, API "/campaigns", ROLE_VIEWER, 0, resource_list, "Lists campaigns"},
    {VERB_POST, API "/campaigns", ROLE_EDITOR, BODY, resource_change, "Makes a draft"},
    {VERB_GET, API "/campaigns/{key}", ROLE_VIEWER, 0, resource_read, "Reads a campaign"},
    {VERB_PATCH, API "/campaigns/{key}", ROLE_EDITOR, BODY, resource_change, "Changes a campaign"},
    {VERB_DELETE, API "/campaigns/{key}", ROLE_EDITOR, 0, resource_change,
     "Deletes a draft, archives a stopped campaign"},
    {VERB_POST, API "/campaigns/{key}/start", ROLE_PUBLISHER, MOVE, resource_change,
     "Opens phase 1 to visitors"},
    {VERB_POST, API "/campaigns/{key}/pause", ROLE_PUBLISHER, MOVE, resource_change,
     "Lets nobody in for a while"},
    {VERB_POST, API "/campaigns/{key}/resume", ROLE_PUBLISHER, MOVE, resource_change,
     "Goes on in the same phase"},
    {VERB_POST, API "/campaigns/{key}/stop", ROLE_PUBLISHER, MOVE, resource_change,
     "Ends it; gives its share of the layer back"},
    {VERB_POST, API "/campaigns/{key}/archive", ROLE_EDITOR, MOVE, resource_change, "Puts it away"},
    {VERB_GET, API "/campaigns/{key}/exposures", ROLE_VIEWER, 0, export_read,
     "Lists who was exposed to what"},
    {VERB_GET, API "/campaigns/{key}/outcomes", ROLE_VIEWER, 0, export_read,
     "Lists what came of each exposed visitor"},
    {VERB_GET, API "/campaigns/{key}/events", ROLE_VIEWER, 0, export_read,
     "Lists what exposed visitors did"},

    {VERB_GET, API "/campaigns/{key}/results", ROLE_VIEWER, 0, results_show,
     "What the campaign's phase shows so far: ?phase=, ?dimension="},
    {VERB_POST, API "/campaigns/{key}/distribution", ROLE_EDITOR, MOVE, distribution_start,
     "Begins a job that works out quantiles, capped sums and ranks of the results"},

    {VERB_GET, API "/audience/attributes", ROLE_VIEWER, 0, audience_attributes_show,
     "What is known of the last 30 days' visitors, to write audiences with"},
    {VERB_POST, API "/audience/estimate", ROLE_VIEWER, CONDITION, audience_estimate_show,
     "How many of the last 30 days' visitors a condition matches"},
    {VERB_GET, API "/visitors/{id}", ROLE_VIEWER, 0, visitor_read,
     "What is known of a visitor, and where he was exposed"},
    {VERB_GET, API "/visitors/{id}/events", ROLE_VIEWER, 0, visitor_events,
     "What a visitor did, the last first"},
    {VERB_POST, API "/visitors/{id}/explain", ROLE_VIEWER, CONDITION, visitor_explain,
     "What a visitor gets this moment, and why"},
    {VERB_GET, API "/uplifts", ROLE_VIEWER, 0, uplift_list,
     "How all campaigns stand by their first goal"},
    {VERB_POST, API "/plan", ROLE_VIEWER, MOVE, plan_show,
     "How many visitors and days a campaign takes, from those of the last weeks"},
    {VERB_POST, API "/prove", ROLE_EDITOR, MOVE, prove_start,
     "Starts a job that tries a campaign's tests on its own visitors"},
    {VERB_GET, API "/jobs", ROLE_VIEWER, 0, job_list, "Lists jobs, newest first"},
    {VERB_GET, API "/jobs/{id}", ROLE_VIEWER, 0, job_read, "How far a job is, and its result"},
    {VERB_DELETE, API "/jobs/{id}", ROLE_EDITOR, 0, job_cancel, "Cancels a job"},

    {VERB_GET, API "/audit", ROLE_VIEWER, 0, resource_list, "Lists changes, newest first"},
    {VERB_GET, API "/rejected-events", ROLE_VIEWER, 0, resource_list,
     "Lists refused events, newest first"},
};

const size_t desk_route_count = sizeof(desk_routes) / sizeof(desk_routes[0]);
