// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign.h"

#include "base/mem.h"
#include "model/campaign_statistics.h"
#include "model/layer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* THE life of a campaign. */
static const struct move {
    const char *from;
    const char *name;
    const char *to;
} moves[] = {
    {"draft", "start", "running"},      {"draft", "archive", "archived"},
    {"running", "pause", "paused"},     {"running", "stop", "stopped"},
    {"paused", "resume", "running"},    {"paused", "stop", "stopped"},
    {"stopped", "archive", "archived"},
};
#define MOVE_COUNT (sizeof(moves) / sizeof(moves[0]))

/* What may still change once nobody is allotted any more. */
static const char *const open_after_stop[] = {"name",    "description", "hypothesis", "labels",
                                              "metrics", "confidence",  NULL};

const char *campaign_move(const char *status, const char *move, struct fault *ret_fault)
{
    char others[128] = "";
    for (size_t i = 0; i < MOVE_COUNT; i++) {
        if (strcmp(moves[i].from, status) != 0)
            continue;
        if (strcmp(moves[i].name, move) == 0)
            return moves[i].to;
        size_t used = strlen(others);
        snprintf(others + used, sizeof(others) - used, "%s%s", used ? ", " : "", moves[i].name);
    }
    fault_set(ret_fault, ERR_CONFLICT, "", "cannot %s a campaign that is %s (possible: %s)", move,
              status, others[0] ? others : "nothing");
    return NULL;
}

static const char *text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void plan_set(struct change *change, const char *name, json_t *value)
{
    must(json_object_set_new(change->plan, name, value) == 0);
}

static json_t *phase_variant(const json_t *variant)
{
    static const char *const served[] = {"key", "weight", "is_control", "flags", "changes"};
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof(served) / sizeof(served[0]); i++)
        must(json_object_set(out, served[i], json_object_get(variant, served[i])) == 0);
    return out;
}

json_t *campaign_phase_document(const json_t *document)
{
    const json_t *variants = json_object_get(document, "variants");
    json_t *served = json_array();
    for (size_t i = 0; i < json_array_size(variants); i++)
        must(json_array_append_new(served, phase_variant(json_array_get(variants, i))) == 0);
    json_t *out = json_pack("{s:O, s:O, s:o}", "audience", json_object_get(document, "audience"),
                            "triggers", json_object_get(document, "triggers"), "variants", served);
    must(out);
    return out;
}

/* The rules of judgement go with the phase, but are no reason for a new one. */
static void plan_phase(struct change *change, const json_t *document)
{
    json_t *frozen = campaign_phase_document(document);
    must(json_object_set_new(frozen, "statistics", campaign_statistics_fix(document)) == 0);
    plan_set(change, "phase", json_pack("{s:s, s:o}", "seed", change->random, "document", frozen));
}

static int64_t buckets_of(const json_t *document)
{
    const json_t *layer = json_object_get(document, "layer");
    if (json_is_null(layer))
        return 0;
    return llround(json_number_value(json_object_get(layer, "share")) * LAYER_BUCKETS);
}

/* Takes what the document asks for beyond what the campaign has. */
static enum err plan_layer(struct change *change, const json_t *document, struct fault *fault)
{
    int64_t held = json_integer_value(json_object_get(change->context, "held"));
    int64_t wanted = buckets_of(document) - held;
    if (wanted < 0)
        return fault_set(fault, ERR_CONFLICT, "/layer/share",
                         "the share of a started campaign can grow only");
    if (wanted == 0)
        return ERR_OK;
    const char *key = text_at(json_object_get(document, "layer"), "key");
    int64_t room =
        json_integer_value(json_object_get(json_object_get(change->context, "layers"), key));
    if (wanted > room)
        return fault_set(fault, ERR_CONFLICT, "/layer/share",
                         "layer %s has %.4g of its visitors free, %.4g are asked for", key,
                         (double)room / LAYER_BUCKETS, (double)wanted / LAYER_BUCKETS);
    plan_set(change, "layer", json_pack("{s:s, s:I}", "key", key, "buckets", (json_int_t)wanted));
    return ERR_OK;
}

static enum err plan_start(struct change *change, const json_t *document, struct fault *fault)
{
    enum err e = campaign_check_ready(document, fault);
    if (!e)
        e = campaign_check(document, change->context, fault);
    if (!e)
        e = plan_layer(change, document, fault);
    if (!e)
        plan_phase(change, document);
    return e;
}

static enum err plan_move(struct change *change, struct fault *fault)
{
    auto_json json_t *document = field_writable(campaign_fields, change->before);
    const char *status = campaign_move(text_at(change->before, "status"), change->action, fault);
    if (!status)
        return ERR_CONFLICT;
    if (change->argument && json_object_size(change->argument) > 0)
        return fault_set(fault, ERR_INVALID, "", "takes no fields");
    plan_set(change, "status", json_string(status));
    if (strcmp(status, "stopped") == 0)
        plan_set(change, "is_ended", json_true());
    return strcmp(change->action, "start") == 0 ? plan_start(change, document, fault) : ERR_OK;
}

static enum err plan_delete(struct change *change, struct fault *fault)
{
    if (strcmp(text_at(change->before, "status"), "draft") == 0) {
        plan_set(change, "is_deleted", json_true());
        return ERR_OK;
    }
    const char *status = campaign_move(text_at(change->before, "status"), "archive", fault);
    if (!status)
        return ERR_CONFLICT;
    plan_set(change, "status", json_string(status));
    return ERR_OK;
}

static bool is_open_after_stop(const char *name)
{
    for (const char *const *open = open_after_stop; *open; open++)
        if (strcmp(*open, name) == 0)
            return true;
    return false;
}

/* The flags it set may be archived by now: only what can still change is checked. */
static enum err check_stopped(const struct change *change, struct fault *fault)
{
    enum err e = campaign_statistics_check_fixed(change->before, change->document, fault);
    if (e)
        return e;
    for (const struct field *f = campaign_fields; f->name; f++) {
        if (f->marks & FIELD_READ_ONLY || is_open_after_stop(f->name) ||
            json_equal(json_object_get(change->before, f->name),
                       json_object_get(change->document, f->name)))
            continue;
        char pointer[64] = "";
        pointer_push(pointer, sizeof(pointer), f->name);
        return fault_set(fault, ERR_CONFLICT, pointer,
                         "cannot be changed any more: the campaign "
                         "was stopped");
    }
    return campaign_check_metrics(change->document, change->context, fault);
}

static bool is_same_layer(const json_t *before, const json_t *after)
{
    const char *was = text_at(json_object_get(before, "layer"), "key");
    const char *is = text_at(json_object_get(after, "layer"), "key");
    return was && is ? strcmp(was, is) == 0 : was == is;
}

/* What visitors see changes with it. */
static enum err plan_live_patch(struct change *change, struct fault *fault)
{
    if (change->role < ROLE_PUBLISHER)
        return fault_set(fault, ERR_FORBIDDEN, "",
                         "a started campaign is changed by a publisher or an admin");
    if (!is_same_layer(change->before, change->document))
        return fault_set(fault, ERR_CONFLICT, "/layer",
                         "a started campaign stays in its layer: stop it first");
    enum err e = campaign_statistics_check_fixed(change->before, change->document, fault);
    if (!e)
        e = campaign_check_ready(change->document, fault);
    if (!e)
        e = plan_layer(change, change->document, fault);
    if (e)
        return e;
    auto_json json_t *was = campaign_phase_document(change->before);
    auto_json json_t *is = campaign_phase_document(change->document);
    if (!json_equal(was, is))
        plan_phase(change, change->document);
    return ERR_OK;
}

static enum err plan_patch(struct change *change, struct fault *fault)
{
    const char *status = text_at(change->before, "status");
    if (strcmp(status, "archived") == 0)
        return fault_set(fault, ERR_CONFLICT, "", "an archived campaign cannot be changed");
    if (strcmp(status, "stopped") == 0)
        return check_stopped(change, fault);
    enum err e = campaign_check(change->document, change->context, fault);
    if (e)
        return e;
    return strcmp(status, "draft") == 0 ? ERR_OK : plan_live_patch(change, fault);
}

enum err campaign_change(struct change *change, struct fault *ret_fault)
{
    if (strcmp(change->action, "create") == 0)
        return campaign_check(change->document, change->context, ret_fault);
    if (strcmp(change->action, "patch") == 0)
        return plan_patch(change, ret_fault);
    if (strcmp(change->action, "delete") == 0)
        return plan_delete(change, ret_fault);
    return plan_move(change, ret_fault);
}
