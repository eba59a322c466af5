// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_snapshot.h"

#include "base/mem.h"

#define VARIANTS                                                                                   \
    "\"variants\":[{\"key\":\"no\",\"weight\":0.5,\"is_control\":true,\"flags\":{}},"              \
    "{\"key\":\"yes\",\"weight\":0.5,\"is_control\":false,\"flags\":{\"cta\":\"Buy\"}}]"
#define PHASE(number, seed, more)                                                                  \
    "\"phase\":{\"number\":" number ",\"seed\":\"" seed                                            \
    "\",\"experiences\":[{\"key\":\"\"," more VARIANTS "}]}}"
#define CAMPAIGN(id, key, kind, status)                                                            \
    "{\"id\":" id ",\"key\":\"" key "\",\"kind\":\"" kind "\",\"status\":\"" status                \
    "\",\"priority\":0,\"coverage\":0.9,"

static const char document[] =
    "{\"id\":1,\"key\":\"e\",\"currency\":\"EUR\",\"is_panic\":false,\"allows_html\":false,"
    "\"origins\":[],\"tracking\":[],\"keys\":[],\"flags\":[{\"key\":\"cta\",\"default\":\"Order\"}]"
    ","
    "\"layers\":[{\"key\":\"l\",\"seed\":\"s\"}],\"campaigns\":[" CAMPAIGN(
        "1", "a", "experiment",
        "running") "\"forced\":{\"qa\":\"yes\"},"
                   "\"layer\":{\"key\":\"l\",\"ranges\":[[0,5000]]}," PHASE(
                       "2", "x", "") "," CAMPAIGN("2", "b", "experiment", "running")
                       PHASE("1", "y",
                             "\"audience\":{\"country\":{\"$in\":[\"DE\",\"AT\"]},"
                             "\"$or\":[{\"age\":{\"$gte\":18}},{\"name\":{\"$regex\":\"^a+b\"}},"
                             "{\"tags\":{\"$elemMatch\":{\"$eq\":1}}}]},") "," CAMPAIGN("3", "c",
                                                                                        "rollout",
                                                                                        "paused")
                           PHASE("1", "z", "") "," CAMPAIGN("4", "h", "holdout", "running")
                               PHASE("1", "h", "") "]}";

const struct snapshot *fuzz_snapshot(void)
{
    static struct snapshot *snapshot;
    if (!snapshot) {
        struct fault fault;
        auto_free char *text = mem_strdup(document);
        snapshot = snapshot_compile(1, text, sizeof(document) - 1, &fault);
        must(snapshot);
    }
    return snapshot;
}
