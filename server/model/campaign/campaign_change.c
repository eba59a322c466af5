// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign.h"

#include "base/mem.h"
#include "model/admin/import.h"
#include "model/campaign/campaign_layer.h"
#include "model/campaign/campaign_move.h"
#include "model/campaign/campaign_phase.h"
#include "model/campaign/campaign_statistics.h"
#include "model/collision/collision.h"

#include <string.h>

#define NAME_MAX_CHARACTERS 200

/* What may still change once nobody is allotted any more. */
static const char *const open_after_stop[] = {"name",    "description", "hypothesis", "labels",
                                              "metrics", "confidence",  "decision",   NULL};

const struct field campaign_copy_fields[] = {
    {.name = "key", .kind = FIELD_KEY, .meaning = "of the copy; null: a free one"},
    {.name = "name", .kind = FIELD_TEXT, .max = 200, .meaning = "of the copy; null: Copy of …"},
    {0},
};

static void plan_set(struct change *change, const char *name, json_t *value)
{
    must(json_object_set_new(change->plan, name, value) == 0);
}

/* Told in the reply; nothing is refused for it. */
static void reveal_collisions(struct change *change, const json_t *document)
{
    json_t *found = collision_list(document, change->context);
    must(json_object_set_new(change->reveal, "collisions", found) == 0);
}

static enum err plan_start(struct change *change, const json_t *document, struct fault *fault)
{
    enum err e = campaign_check_ready(document, fault);
    if (!e)
        e = campaign_check(document, change->context, fault);
    if (!e)
        e = campaign_layer_plan(change, document, fault);
    if (e)
        return e;
    campaign_phase_plan(change, document);
    reveal_collisions(change, document);
    return ERR_OK;
}

/* It opens no phase to visitors and has no share of a layer: the phase is that of the data. */
static enum err plan_import(struct change *change, json_t *document, struct fault *fault)
{
    enum err e = campaign_check_ready(document, fault);
    if (!e)
        e = campaign_check(document, change->context, fault);
    if (!e)
        e = import_plan(change, fault);
    if (!e)
        campaign_phase_plan(change, document);
    return e;
}

static enum err plan_end(struct change *change, json_t *document, struct fault *fault)
{
    if (campaign_status_of(change->before) != CAMPAIGN_STOPPED)
        plan_set(change, "is_ended", json_true());
    return strcmp(change->action, "ship") == 0 ? campaign_ship_plan(change, document, fault)
                                               : campaign_stop_plan(change, document, fault);
}

/* Moves that take fields. */
static const struct telling {
    const char *move;
    enum err (*plan)(struct change *change, json_t *document, struct fault *fault);
} tellings[] = {
    {"import", plan_import},
    {"stop", plan_end},
    {"ship", plan_end},
    {0},
};

static enum err plan_revoke(struct change *change, struct fault *fault)
{
    if (change->argument && json_object_size(change->argument) > 0)
        return fault_set(fault, ERR_INVALID, "", "takes no fields");
    plan_set(change, "revokes_previews", json_true());
    return ERR_OK;
}

static enum err plan_move(struct change *change, struct fault *fault)
{
    auto_json json_t *document = field_writable(campaign_fields, change->before);
    enum campaign_status status;
    if (campaign_move(campaign_status_of(change->before), change->action, &status, fault))
        return ERR_CONFLICT;
    plan_set(change, "status", json_string(campaign_status_words[status]));
    for (const struct telling *one = tellings; one->move; one++)
        if (strcmp(change->action, one->move) == 0)
            return one->plan(change, document, fault);
    if (change->argument && json_object_size(change->argument) > 0)
        return fault_set(fault, ERR_INVALID, "", "takes no fields");
    return strcmp(change->action, "start") == 0 ? plan_start(change, document, fault) : ERR_OK;
}

/* What is called "Copy of …" where nothing else is said, cut to what a name may hold. */
static json_t *copy_name(const json_t *campaign)
{
    auto_buf struct buf name = {0};
    const char *was = json_text_or(campaign, "name", "");
    buf_printf(&name, "Copy of %s", *was ? was : json_text_at(campaign, "key"));
    size_t length = 0;
    for (size_t left = NAME_MAX_CHARACTERS; left > 0 && length < name.length; left--)
        do
            length++;
        while (((unsigned char)name.data[length] & 0xc0) == 0x80);
    json_t *out = json_stringn(name.data, length);
    must(out);
    return out;
}

/* A draft with all of this one but what belongs to its own time. It gets a seed when it starts. */
static enum err plan_copy(struct change *change, struct fault *fault)
{
    static const char *const left_out[] = {"schedule", "forced", "decision"};
    auto_json json_t *nothing = json_object();
    auto_json json_t *told = NULL;
    auto_json json_t *copy = NULL;
    auto_json json_t *wanted = field_writable(campaign_fields, change->before);
    enum err e = field_read(campaign_copy_fields, change->argument ? change->argument : nothing,
                            &told, fault);
    if (e)
        return e;
    const char *key = json_text_or(told, "key", json_text_at(change->context, "copy_key"));
    const char *name = json_text_at(told, "name");
    for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
        json_object_del(wanted, left_out[i]);
    must(json_object_set_new(wanted, "key", json_string(key)) == 0);
    must(json_object_set_new(wanted, "name",
                             name ? json_string(name) : copy_name(change->before)) == 0);
    e = field_read(campaign_fields, wanted, &copy, fault);
    if (!e)
        e = campaign_check(copy, change->context, fault);
    if (!e)
        plan_set(change, "copy", json_incref(copy));
    return e;
}

static enum err plan_delete(struct change *change, struct fault *fault)
{
    enum campaign_status status = campaign_status_of(change->before);
    if (status == CAMPAIGN_DRAFT) {
        plan_set(change, "is_deleted", json_true());
        return ERR_OK;
    }
    if (campaign_move(status, "archive", &status, fault))
        return ERR_CONFLICT;
    plan_set(change, "status", json_string(campaign_status_words[status]));
    return ERR_OK;
}

static bool is_open_after_stop(const char *name)
{
    for (const char *const *open = open_after_stop; *open; open++)
        if (strcmp(*open, name) == 0)
            return true;
    return false;
}

/* Totals are all there is: nothing else can be counted of what they were made of. */
static enum err check_totals(const struct change *change, struct fault *fault)
{
    const json_t *totals = json_object_get(change->context, "totals");
    const json_t *metrics = json_object_get(change->document, "metrics");
    for (size_t i = 0; json_is_object(totals) && i < json_array_size(metrics); i++) {
        const char *key = json_text_at(json_array_get(metrics, i), "key");
        if (json_object_get(totals, key))
            continue;
        fault_set(fault, ERR_CONFLICT, "/key",
                  "the campaign was imported as totals, without any of \"%s\"", key);
        fault_prefix_index(fault, i);
        fault_prefix(fault, "/metrics");
        return ERR_CONFLICT;
    }
    return ERR_OK;
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
    e = campaign_decision_check(change->document, fault);
    if (!e)
        e = campaign_check_metrics(change->document, change->context, fault);
    return e ? e : check_totals(change, fault);
}

/* What visitors see changes with it. */
static enum err plan_live_patch(struct change *change, struct fault *fault)
{
    if (change->role < ROLE_PUBLISHER)
        return fault_set(fault, ERR_FORBIDDEN, "",
                         "a started campaign is changed by a publisher or an admin");
    if (!campaign_layer_is_same(change->before, change->document))
        return fault_set(fault, ERR_CONFLICT, "/layer",
                         "a started campaign stays in its layer: stop it first");
    enum err e = campaign_statistics_check_fixed(change->before, change->document, fault);
    if (!e)
        e = campaign_check_ready(change->document, fault);
    if (!e)
        e = campaign_layer_plan(change, change->document, fault);
    if (e)
        return e;
    auto_json json_t *was = campaign_phase_document(change->before);
    auto_json json_t *is = campaign_phase_document(change->document);
    if (!json_equal(was, is)) {
        double moved = campaign_phase_moved(change->before, change->document, change->keeps_seed);
        must(json_object_set_new(change->reveal, "moved", json_real(moved)) == 0);
        campaign_phase_plan(change, change->document);
    }
    reveal_collisions(change, change->document);
    return ERR_OK;
}

/* Not yet over: nothing is concluded. */
static enum err check_open(const struct change *change, struct fault *fault)
{
    if (json_is_object(json_object_get(change->document, "decision")))
        return fault_set(fault, ERR_CONFLICT, "/decision",
                         "is told when the campaign stops, or later");
    return campaign_check(change->document, change->context, fault);
}

static enum err plan_patch(struct change *change, struct fault *fault)
{
    enum campaign_status status = campaign_status_of(change->before);
    if (status == CAMPAIGN_ARCHIVED)
        return fault_set(fault, ERR_CONFLICT, "", "an archived campaign cannot be changed");
    if (status == CAMPAIGN_STOPPED)
        return check_stopped(change, fault);
    enum err e = check_open(change, fault);
    if (e)
        return e;
    return status == CAMPAIGN_DRAFT ? ERR_OK : plan_live_patch(change, fault);
}

enum err campaign_change(struct change *change, struct fault *ret_fault)
{
    if (strcmp(change->action, "create") == 0)
        return check_open(change, ret_fault);
    if (strcmp(change->action, "patch") == 0)
        return plan_patch(change, ret_fault);
    if (strcmp(change->action, "delete") == 0)
        return plan_delete(change, ret_fault);
    if (strcmp(change->action, "copy") == 0)
        return plan_copy(change, ret_fault);
    if (strcmp(change->action, "revoke_previews") == 0)
        return plan_revoke(change, ret_fault);
    return plan_move(change, ret_fault);
}
