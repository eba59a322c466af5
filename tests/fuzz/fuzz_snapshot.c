// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_snapshot.h"

#include "base/mem.h"

#define VARIANTS                                                                                   \
    "\"variants\":[{\"key\":\"no\",\"weight\":0.5,\"is_control\":true,\"flags\":{}},"              \
    "{\"key\":\"yes\",\"weight\":0.5,\"is_control\":false,\"flags\":{\"cta\":\"Buy\"}}]"

static const char document[] =
    "{\"environments\":[{\"id\":1,\"key\":\"e\",\"currency\":\"EUR\",\"is_panic\":false,"
    "\"origins\":[],\"keys\":[],\"flags\":[{\"key\":\"cta\",\"default\":\"Order\"}],"
    "\"layers\":[{\"key\":\"l\",\"seed\":\"s\"}],\"campaigns\":["
    "{\"id\":1,\"key\":\"a\",\"kind\":\"experiment\",\"status\":\"running\",\"coverage\":0.9,"
    "\"forced\":{\"qa\":\"yes\"},\"layer\":{\"key\":\"l\",\"ranges\":[[0,5000]]},"
    "\"phase\":{\"number\":2,\"seed\":\"x\"," VARIANTS "}},"
    "{\"id\":2,\"key\":\"b\",\"kind\":\"experiment\",\"status\":\"running\",\"coverage\":1,"
    "\"phase\":{\"number\":1,\"seed\":\"y\",\"audience\":{\"country\":{\"$in\":[\"DE\",\"AT\"]},"
    "\"$or\":[{\"age\":{\"$gte\":18}},{\"name\":{\"$regex\":\"^a+b\"}},"
    "{\"tags\":{\"$elemMatch\":{\"$eq\":1}}}]}," VARIANTS "}},"
    "{\"id\":3,\"key\":\"c\",\"kind\":\"rollout\",\"status\":\"paused\",\"coverage\":1,"
    "\"phase\":{\"number\":1,\"seed\":\"z\"," VARIANTS "}},"
    "{\"id\":4,\"key\":\"h\",\"kind\":\"holdout\",\"status\":\"running\",\"coverage\":1,"
    "\"phase\":{\"number\":1,\"seed\":\"h\"," VARIANTS "}}]}]}";

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
