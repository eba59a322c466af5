// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Why an event is refused, as a short list to count by: the sentence beside it says the rest. Pure.
 */
#pragma once

enum refusal {
    REFUSAL_INVALID,     /* a field is missing, or is not what it should be */
    REFUSAL_JUNK_ID,     /* its visitor_id is nobody's */
    REFUSAL_TOO_LATE,    /* it is older than what is taken */
    REFUSAL_CLOCK,       /* its times cannot be: in the future, or far apart */
    REFUSAL_CAMPAIGN,    /* an exposure to a campaign, phase or variant that is not there */
    REFUSAL_ALLOTMENT,   /* an exposure to what the visitor is not allotted to */
    REFUSAL_SERVER_ONLY, /* a server's alone, but sent with a public key */
    REFUSAL_DATABASE,    /* PostgreSQL refused it */
    REFUSAL_UNREADABLE,  /* a whole request: what it holds is not known */
    REFUSAL_ORIGIN,      /* a whole request: of a page that the key is not for */
    REFUSAL_TOO_LARGE,   /* a whole request: its body is larger than what is read */
    REFUSAL_MEDIA_TYPE,  /* a whole request: it is not JSON */
    REFUSAL_ADDRESS,     /* a whole request: too many of one address; these are sent again */
    REFUSAL_KEY,         /* a whole request: too many with one key */
    REFUSAL_QUOTA,       /* a whole request: the key has sent its events of the day */
    REFUSAL_BUSY,        /* too many events waited */
    REFUSAL_UNAVAILABLE, /* neither PostgreSQL nor the spool took them */
    REFUSAL_COUNT
};

/* What each is called in the API, in tables and in metrics. */
extern const char *const refusal_keys[REFUSAL_COUNT];
