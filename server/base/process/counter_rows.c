// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/process/counter.h"

#define REJECTED "mete_events_rejected_total"
#define LIMITED  "mete_limited_total"

const struct counter_row counter_rows[COUNTER_COUNT] = {
    [COUNTER_EVENTS_RECEIVED] = {"mete_events_received_total", NULL, COUNTER_SUM, WHO_ALL,
                                 "Events read from requests. received = acked + duplicate + "
                                 "rejected + in flight."},
    [COUNTER_EVENTS_ACKED] = {"mete_events_acked_total", NULL, COUNTER_SUM, WHO_ALL,
                              "Events answered as accepted: stored for good before."},
    [COUNTER_EVENTS_DUPLICATE] = {"mete_events_duplicate_total", NULL, COUNTER_SUM, WHO_ALL,
                                  "Events answered as duplicate: they were stored already."},
    [COUNTER_EVENTS_INVALID] = {REJECTED, "reason=\"invalid\"", COUNTER_SUM, WHO_ALL,
                                "Events not stored: against the rules (invalid and what has a "
                                "word of its own), refused by PostgreSQL (refused), too many "
                                "waiting (busy), nowhere to store "
                                "them (unavailable), their process ended (lost)."},
    [COUNTER_EVENTS_JUNK] = {REJECTED, "reason=\"junk_id\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_EVENTS_TOO_LATE] = {REJECTED, "reason=\"too_late\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_EVENTS_CLOCK] = {REJECTED, "reason=\"wrong_clock\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_EVENTS_CAMPAIGN] = {REJECTED, "reason=\"unknown_campaign\"", COUNTER_SUM, WHO_ALL,
                                 NULL},
    [COUNTER_EVENTS_ALLOTMENT] = {REJECTED, "reason=\"not_allotted\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_EVENTS_SERVER_ONLY] = {REJECTED, "reason=\"server_only\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_EVENTS_REFUSED] = {REJECTED, "reason=\"refused\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_EVENTS_BUSY] = {REJECTED, "reason=\"busy\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_EVENTS_UNAVAILABLE] = {REJECTED, "reason=\"unavailable\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_EVENTS_LOST] = {REJECTED, "reason=\"lost\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_EVENTS_IN_FLIGHT] = {"mete_events_in_flight", NULL, COUNTER_GAUGE_SUM, WHO_ALL,
                                  "Events read and not answered yet."},
    [COUNTER_COMMITS_FAILED] = {"mete_commits_failed_total", NULL, COUNTER_SUM, WHO_ALL,
                                "Batches that PostgreSQL did not take, or did not answer."},
    [COUNTER_SPOOL_EVENTS] = {"mete_spool_events_total", NULL, COUNTER_SUM, WHO_ALL,
                              "Events taken into the spool."},
    [COUNTER_SPOOL_DRAINED] = {"mete_spool_drained_total", NULL, COUNTER_SUM, WHO_ALL,
                               "Events moved from the spool into PostgreSQL."},
    [COUNTER_SPOOL_BYTES] = {"mete_spool_bytes", NULL, COUNTER_GAUGE, WHO_EDGE,
                             "Size of a process's spool on disk."},
    [COUNTER_SPOOL_WAITING] = {"mete_spool_waiting_events", NULL, COUNTER_GAUGE, WHO_EDGE,
                               "Events in a process's spool."},
    [COUNTER_SPOOL_FULL] = {"mete_spool_full", NULL, COUNTER_GAUGE, WHO_EDGE,
                            "1 while a process's spool takes no more."},
    [COUNTER_SPOOL_SINCE] = {"mete_spool_age_seconds", NULL, COUNTER_AGE, WHO_EDGE,
                             "How long the oldest event has been in the spool."},
    [COUNTER_SNAPSHOT] = {"mete_snapshot_version", NULL, COUNTER_GAUGE, WHO_EDGE,
                          "The newest snapshot a process decides from; 0: none yet."},
    [COUNTER_SNAPSHOT_REFUSED] =
        {"mete_snapshots_refused", NULL, COUNTER_GAUGE, WHO_EDGE,
         "Environments whose newest snapshot does not fit: an older one is in use."},
    [COUNTER_SNAPSHOT_ASKED] =
        {"mete_snapshot_age_seconds", NULL, COUNTER_AGE, WHO_EDGE,
         "How long ago PostgreSQL confirmed that it is the newest, or the process began."},
    [COUNTER_DATABASE_UP] = {"mete_database_connections", NULL, COUNTER_GAUGE, WHO_ALL,
                             "Connections to PostgreSQL that are up."},
    [COUNTER_DATABASE_LOST] = {"mete_database_lost_total", NULL, COUNTER_GROWING, WHO_ALL,
                               "Connections to PostgreSQL that broke."},
    [COUNTER_CONNECTIONS] = {"mete_client_connections", NULL, COUNTER_GAUGE, WHO_EDGE | WHO_DESK,
                             "Open connections of clients."},
    [COUNTER_CERTIFICATE] =
        {"mete_certificate_expires_seconds", NULL, COUNTER_GAUGE, WHO_EDGE | WHO_DESK,
         "When the TLS certificate ends, in seconds since 1970; 0: there is none."},
    [COUNTER_LIMITED_KEY] = {LIMITED, "limit=\"key\"", COUNTER_SUM, WHO_ALL,
                             "Requests answered with 429, by the limit they met."},
    [COUNTER_LIMITED_ADDRESS] = {LIMITED, "limit=\"address\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_LIMITED_QUOTA] = {LIMITED, "limit=\"quota\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_LIMITED_LOGIN] = {LIMITED, "limit=\"login\"", COUNTER_SUM, WHO_ALL, NULL},
    [COUNTER_STARTED] = {"mete_process_up_seconds", NULL, COUNTER_AGE, WHO_ALL,
                         "How long a process has run."},
    [COUNTER_RESTARTS] = {"mete_restarts_total", NULL, COUNTER_GROWING, WHO_ALL,
                          "How often a process ended by itself and was started again."},
};

const struct counter_scale counter_scales[HISTOGRAM_COUNT] = {
    [HISTOGRAM_COMMIT] = {"mete_commit_seconds",
                          "From sending a batch to its commit.",
                          {250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000,
                           1000000, 2500000, 5000000, 10000000},
                          1e-6},
    [HISTOGRAM_BATCH] = {"mete_batch_events",
                         "Events of one commit.",
                         {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000},
                         1},
};

const struct counter_scale counter_latency = {"mete_request_seconds",
                                              "From the first byte of a request to its reply.",
                                              {100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000,
                                               100000, 250000, 500000, 1000000, 2500000, 5000000,
                                               10000000},
                                              1e-6};

/* The common ones first: they are looked for from the left. */
const int counter_statuses[COUNTER_CODES] = {200, 202, 204, 400, 401, 403, 404, 429, 503, 201, 301,
                                             303, 304, 405, 406, 408, 409, 410, 411, 412, 413, 414,
                                             415, 417, 422, 428, 431, 500, 501, 502, 505, 0};
