// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A campaign as the admin API takes it, with its changes of pages and its triggers. The first byte
 * says whether it is created or a patch of one that runs, and whether the environment allows HTML.
 */
#include "unit/lib/fence.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "model/campaign/campaign.h"
#include "model/campaign/campaign_phase.h"

#include <string.h>

#define CONTEXT                                                                                    \
    "{\"flags\":{\"cta\":\"string\",\"n\":\"number\"},\"metrics\":{\"m\":\"count\",\"c\":"         \
    "\"conversion\"},\"layers\":{\"l\":4000},\"held\":0}"
#define RUNNING                                                                                    \
    "{\"key\":\"a\",\"kind\":\"experiment\",\"metrics\":[{\"key\":\"m\",\"role\":\"primary\"}],"   \
    "\"variants\":[{\"key\":\"no\","                                                               \
    "\"weight\":0.5,\"is_control\":true},{\"key\":\"yes\",\"weight\":0.5}]}"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct json_limits limits = {.bytes = 65536, .depth = 24, .nodes = 4096};

static json_t *read_text(const char *text)
{
    return json_loads(text, 0, NULL);
}

static void check_fault(const struct fault *fault)
{
    must(fault->code == ERR_INVALID || fault->code == ERR_CONFLICT ||
         fault->code == ERR_TOO_LARGE || fault->code == ERR_FORBIDDEN);
    must(fault->detail[0] && (fault->pointer[0] == '\0' || fault->pointer[0] == '/'));
}

/* What was read is what is read again. */
static void check_canonical(const json_t *document)
{
    struct fault fault;
    json_t *again = NULL;
    must(field_read(campaign_fields, document, &again, &fault) == ERR_OK);
    must(json_equal(again, document));
    json_decref(again);
}

static void try_change(const char *action, const json_t *before, json_t *document,
                       const json_t *context)
{
    struct fault fault = {0};
    struct change change = {.action = action,
                            .role = ROLE_PUBLISHER,
                            .before = before,
                            .context = context,
                            .random = "seed",
                            .document = json_incref(document),
                            .plan = json_object(),
                            .reveal = json_object()};
    if (campaign_change(&change, &fault) != ERR_OK)
        check_fault(&fault);
    else if (change.document && campaign_check_ready(change.document, &fault) == ERR_OK)
        json_decref(campaign_phase_document(change.document));
    json_decref(change.document);
    json_decref(change.plan);
    json_decref(change.reveal);
}

/* The canonical document, or NULL; a new reference. */
static json_t *canonical(const json_t *body)
{
    struct fault fault = {0};
    json_t *document = NULL;
    if (field_read(campaign_fields, body, &document, &fault) != ERR_OK)
        check_fault(&fault);
    return document;
}

/* One that runs, as it is read. */
static json_t *running(void)
{
    auto_json json_t *body = read_text(RUNNING);
    json_t *view = canonical(body);
    must(view);
    json_object_set_new(view, "status", json_string("running"));
    return view;
}

/* The same for what a patch makes of 'before'. */
static json_t *patched(const json_t *before, const json_t *patch)
{
    auto_json json_t *writable = field_writable(campaign_fields, before);
    auto_json json_t *merged = field_merge(writable, patch);
    return canonical(merged);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    char *text = fence_copy(data + 1, size - 1);
    struct fault fault = {0};
    bool is_repaired;
    auto_json json_t *body = json_parse(text, size - 1, &limits, &is_repaired, &fault);
    if (!json_is_object(body))
        return 0;
    auto_json json_t *context = read_text(CONTEXT);
    json_object_set_new(context, "allows_html", json_boolean(data[0] & 1));
    auto_json json_t *before = data[0] & 2 ? running() : NULL;
    auto_json json_t *document = before ? patched(before, body) : canonical(body);
    if (!document)
        return 0;
    check_canonical(document);
    try_change(before ? "patch" : "create", before, document, context);
    json_object_set_new(document, "status", json_string("draft"));
    try_change("start", document, NULL, context);
    return 0;
}
