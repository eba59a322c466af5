// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Which of the desk's connections asks for a request: a connection answers in order, so what may
 * take long, or wait for somebody's lock, is asked on another than what must not. Each has its
 * bound: PostgreSQL gives up after it, and the request is told to come again.
 */
#pragma once

struct route;

enum desk_lane {
    DESK_LANE_BY_VERB, /* of a route: reading for GET, else a change */
    DESK_LANE_ACCESS,  /* who asks; signing in and out; the panic switch */
    DESK_LANE_CHANGE,  /* of the configuration */
    DESK_LANE_READ,    /* of the configuration */
    DESK_LANE_REPORT,  /* what goes through events, sums or visitors */
    DESK_LANES
};

struct desk_lane_bound {
    const char *name;         /* in pg_stat_activity */
    int statement_timeout_ms; /* a whole statement */
    int lock_timeout_ms; /* for somebody's lock; 0: as the statement. What waits may itself hold
                            what panic needs */
};

/* In desk_request.c. The index is an enum desk_lane. */
extern const struct desk_lane_bound desk_lane_bounds[DESK_LANES];

/* The lane of a route's requests; never DESK_LANE_BY_VERB. */
enum desk_lane desk_lane_of(const struct route *route);
