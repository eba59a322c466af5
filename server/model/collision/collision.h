// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Collisions: what a campaign that starts, or is changed while it runs, touches of what others
 * serve already, to visitors whom both can have. Told, not refused: the one of higher priority is
 * shown, and nobody is exposed to the other there. Campaigns of one layer share no visitor and do
 * not collide. Flags are set whatever the page; elements only on pages that both are on. Pure.
 */
#pragma once

#include "base/json/field.h"

/* One collision, as the API tells of it. */
extern const struct field collision_field;

/* A new reference to the list of collisions, in the order of 'rivals'; 'document' is the
 * campaign's, 'context' campaign.h's, of which it takes "rivals" (sql/functions/config/
 * rivals.sql) and "layers". */
json_t *collision_list(const json_t *document, const json_t *context);
