// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "tools/cli/progress.h"

#include <string.h>
#include <time.h>

#define ASK_EACH_US   200000
#define STANDSTILL_US (120 * SECOND_US)

static int64_t lag_of(const json_t *results)
{
    const json_t *fold = json_object_get(json_object_get(results, "health"), "fold");
    return json_integer_value(json_object_get(fold, "lag_events"));
}

static bool is_computed(const json_t *results)
{
    const json_t *metrics = json_object_get(results, "metrics");
    for (size_t i = 0; i < json_array_size(metrics); i++) {
        const char *status =
            json_string_value(json_object_get(json_array_get(metrics, i), "status"));
        if (status && strcmp(status, "computing") == 0)
            return false;
    }
    return true;
}

static void pause_us(int64_t us)
{
    struct timespec pause = {.tv_sec = us / SECOND_US, .tv_nsec = us % SECOND_US * 1000};
    nanosleep(&pause, NULL);
}

/* Asks until nothing is left to fold; gives up when the lag has not shrunk for two minutes. */
static enum err wait_for_fold(struct import *im, const char *url, json_t **ret_results,
                              struct fault *fault)
{
    struct progress progress;
    int64_t least = INT64_MAX, moved_us = clock_mono_us(), first = 0;
    progress_init(&progress, "computing", 0);
    for (;;) {
        json_t *results = NULL;
        enum err e = client_call(im->client, "GET", url, NULL, &results, fault);
        if (e)
            return e;
        int64_t lag = lag_of(results), now = clock_mono_us();
        if (lag == 0 && is_computed(results)) {
            progress_done(&progress);
            *ret_results = results;
            return ERR_OK;
        }
        json_decref(results);
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
    const struct connection *c = &im->options->connection;
    const char *key = im->mapping->campaign_key;
    const char *results_url = connection_desk_url(c, im->arena, "/campaigns/%s/results", key);
    enum err e = wait_for_fold(im, results_url, ret_results, ret_fault);
    const char *status = json_string_value(json_object_get(im->campaign, "status"));
    bool is_stopped = status && strcmp(status, "stopped") == 0;
    if (e || im->options->is_kept_running || is_stopped)
        return e;
    const char *stop_url = connection_desk_url(c, im->arena, "/campaigns/%s/stop", key);
    return client_call(im->client, "POST", stop_url, "{}", NULL, ret_fault);
}
