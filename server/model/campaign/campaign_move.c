// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign_move.h"

#include <stdio.h>
#include <string.h>

static const struct move {
    enum campaign_status from;
    const char *name;
    enum campaign_status to;
} moves[] = {
    {CAMPAIGN_DRAFT, "start", CAMPAIGN_RUNNING},      {CAMPAIGN_DRAFT, "import", CAMPAIGN_STOPPED},
    {CAMPAIGN_DRAFT, "archive", CAMPAIGN_ARCHIVED},   {CAMPAIGN_RUNNING, "pause", CAMPAIGN_PAUSED},
    {CAMPAIGN_RUNNING, "stop", CAMPAIGN_STOPPED},     {CAMPAIGN_RUNNING, "ship", CAMPAIGN_STOPPED},
    {CAMPAIGN_PAUSED, "resume", CAMPAIGN_RUNNING},    {CAMPAIGN_PAUSED, "stop", CAMPAIGN_STOPPED},
    {CAMPAIGN_PAUSED, "ship", CAMPAIGN_STOPPED},      {CAMPAIGN_STOPPED, "ship", CAMPAIGN_STOPPED},
    {CAMPAIGN_STOPPED, "archive", CAMPAIGN_ARCHIVED},
};
#define MOVE_COUNT (sizeof(moves) / sizeof(moves[0]))

enum err campaign_move(enum campaign_status status, const char *move,
                       enum campaign_status *ret_status, struct fault *ret_fault)
{
    char others[128] = "";
    for (size_t i = 0; i < MOVE_COUNT; i++) {
        if (moves[i].from != status)
            continue;
        if (strcmp(moves[i].name, move) == 0) {
            *ret_status = moves[i].to;
            return ERR_OK;
        }
        size_t used = strlen(others);
        snprintf(others + used, sizeof(others) - used, "%s%s", used ? ", " : "", moves[i].name);
    }
    return fault_set(ret_fault, ERR_CONFLICT, "", "cannot %s a campaign that is %s (possible: %s)",
                     move, campaign_status_words[status], others[0] ? others : "nothing");
}
