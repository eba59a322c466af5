// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/event/refusal.h"

const char *const refusal_keys[REFUSAL_COUNT] = {
    [REFUSAL_INVALID] = "invalid",
    [REFUSAL_JUNK_ID] = "junk_id",
    [REFUSAL_TOO_LATE] = "too_late",
    [REFUSAL_CLOCK] = "wrong_clock",
    [REFUSAL_CAMPAIGN] = "unknown_campaign",
    [REFUSAL_ALLOTMENT] = "not_allotted",
    [REFUSAL_SERVER_ONLY] = "server_only",
    [REFUSAL_DATABASE] = "refused",
    [REFUSAL_UNREADABLE] = "unreadable",
    [REFUSAL_ORIGIN] = "origin",
    [REFUSAL_TOO_LARGE] = "too_large",
    [REFUSAL_MEDIA_TYPE] = "media_type",
    [REFUSAL_ADDRESS] = "address_limit",
    [REFUSAL_KEY] = "key_limit",
    [REFUSAL_QUOTA] = "quota",
    [REFUSAL_BUSY] = "busy",
    [REFUSAL_UNAVAILABLE] = "unavailable",
};
