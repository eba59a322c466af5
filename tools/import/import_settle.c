// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "tools/cli/progress.h"

#include <string.h>
#include <time.h>

#define ASK_EACH_US   200000
#define STANDSTILL_US (120 * SECOND_US)

static const json_t *fold_of(const json_t *results)
{
    return json_object_get(json_object_get(results, "health"), "fold");
}

static void pause_us(int64_t us)
{
    struct timespec pause = {.tv_sec = us / SECOND_US, .tv_nsec = us % SECOND_US * 1000};
    nanosleep(&pause, NULL);
}

/* Asks until nothing is left to do: a verdict before that is of another experiment. Gives up when
 * the lag has not shrunk for two minutes. */
static enum err wait_for_results(struct import *im, const char *url, json_t **ret_results,
                                 struct fault *fault)
{
    struct progress progress;
    int64_t least = INT64_MAX, moved_us = clock_mono_us(), first = 0;
    bool was_complete =
        false; /* sums may be older than the lag beside them: only the next are not */
    progress_init(&progress, "computing", 0);
    for (;;) {
        json_t *results = NULL;
        enum err e = client_call(im->client, "GET", url, NULL, &results, fault);
        if (e)
            return e;
        int64_t now = clock_mono_us();
        int64_t lag = json_integer_value(json_object_get(fold_of(results), "lag_events"));
        bool is_complete = json_is_true(json_object_get(fold_of(results), "is_complete"));
        if (is_complete && was_complete) {
            progress_done(&progress);
            *ret_results = results;
            return ERR_OK;
        }
        json_decref(results);
        bool is_once_more = is_complete && !was_complete;
        was_complete = is_complete;
        if (is_once_more)
            continue;
        if (lag < least) {
            least = lag;
            moved_us = now;
        }
        first = first ? first : lag;
        progress.total = (uint64_t)first;
        progress_show(&progress, (uint64_t)(first > lag ? first - lag : 0), NULL);
        if (now - moved_us > STANDSTILL_US)
            return fault_set(fault, ERR_UNAVAILABLE, "",
                             "all events are stored, but the results do not advance: is the "
                             "worker running?");
        pause_us(ASK_EACH_US);
    }
}

enum err import_settle(struct import *im, json_t **ret_results, struct fault *ret_fault)
{
    const char *url = connection_desk_url(&im->options->connection, im->arena,
                                          "/campaigns/%s/results", im->mapping->campaign_key);
    return wait_for_results(im, url, ret_results, ret_fault);
}
