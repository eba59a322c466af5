// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The methods that routes know; every other one is VERB_OTHER.
 */
#pragma once

enum http_verb {
    VERB_GET,
    VERB_HEAD,
    VERB_POST,
    VERB_PUT,
    VERB_PATCH,
    VERB_DELETE,
    VERB_OPTIONS,
    VERB_OTHER
};
