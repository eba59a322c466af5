// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/mem.h"
#include "model/campaign/campaign.h"
#include "model/campaign/campaign_list.h"
#include "model/campaign/campaign_phase.h"

#include <string.h>

static const char *const outcomes[] = {"won", "lost", "inconclusive", NULL};

#define LEARNINGS_MAX 10000

const struct field campaign_decision_fields[] = {
    {.name = "outcome",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED,
     .words = outcomes,
     .meaning = "of the question that was asked"},
    {.name = "variant",
     .kind = FIELD_KEY,
     .meaning = "that won, or that it is about; null: none in particular"},
    {.name = "learnings",
     .kind = FIELD_TEXT,
     .max = LEARNINGS_MAX,
     .initial = "\"\"",
     .meaning = "what is known now, for those who come later"},
    {0},
};

const struct field campaign_stop_fields[] = {
    {.name = "decision",
     .kind = FIELD_OBJECT,
     .of = campaign_decision_fields,
     .meaning = "what was concluded; can be written later, too"},
    {0},
};

const struct field campaign_ship_fields[] = {
    {.name = "variant",
     .kind = FIELD_KEY,
     .marks = FIELD_REQUIRED,
     .meaning = "the winner: what everybody is to get"},
    {.name = "learnings",
     .kind = FIELD_TEXT,
     .max = LEARNINGS_MAX,
     .meaning = "what is known now; null: what the decision says of it already"},
    {0},
};

/* NULL: there is none of this key. */
static const json_t *find_variant(const json_t *document, const char *key)
{
    const json_t *variants = json_object_get(document, "variants");
    size_t count = json_array_size(variants), at = campaign_list_index(variants, key, count);
    return at < count ? json_array_get(variants, at) : NULL;
}

static enum err check_winner(const json_t *document, const char *key, const char *pointer,
                             struct fault *fault)
{
    const json_t *variant = find_variant(document, key);
    if (!variant)
        return fault_set(fault, ERR_INVALID, pointer, "there is no variant %s", key);
    return json_is_true(json_object_get(variant, "is_control"))
               ? fault_set(fault, ERR_INVALID, pointer,
                           "the control cannot win: it is what others "
                           "are compared with")
               : ERR_OK;
}

enum err campaign_decision_check(const json_t *document, struct fault *ret_fault)
{
    const json_t *decision = json_object_get(document, "decision");
    const char *outcome = json_text_at(decision, "outcome");
    const char *variant = json_string_value(json_object_get(decision, "variant"));
    if (!json_is_object(decision))
        return ERR_OK;
    if (strcmp(outcome, "won") == 0)
        return variant ? check_winner(document, variant, "/decision/variant", ret_fault)
                       : fault_set(ret_fault, ERR_INVALID, "/decision/variant",
                                   "is required: which variant won");
    return !variant || find_variant(document, variant)
               ? ERR_OK
               : fault_set(ret_fault, ERR_INVALID, "/decision/variant", "there is no variant %s",
                           variant);
}

enum err campaign_stop_plan(struct change *change, json_t *document, struct fault *ret_fault)
{
    auto_json json_t *told = NULL;
    enum err e = change->argument
                     ? field_read(campaign_stop_fields, change->argument, &told, ret_fault)
                     : ERR_OK;
    const json_t *decision = json_object_get(told, "decision");
    if (e || !json_is_object(decision))
        return e;
    must(json_object_set(document, "decision", (json_t *)(uintptr_t)decision) == 0);
    change->document = json_incref(document);
    return campaign_decision_check(document, ret_fault);
}

/* All of the experiment that decides who gets it, and the winner alone. Only its share is not the
 * experiment's: it has left the layer, and everybody is in. */
static json_t *rollout_of(const json_t *document, const char *variant, const char *key)
{
    static const char *const kept[] = {"name", "labels", "priority", "audience", "triggers"};
    json_t *winner = json_copy((json_t *)(uintptr_t)find_variant(document, variant));
    must(winner);
    must(json_object_set_new(winner, "weight", json_integer(1)) == 0);
    json_t *out = json_pack("{s:s, s:s, s:[o]}", "key", key, "kind", "rollout", "variants", winner);
    must(out);
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        must(json_object_set(out, kept[i], json_object_get(document, kept[i])) == 0);
    return out;
}

static enum err plan_rollout(struct change *change, const json_t *document, const char *variant,
                             struct fault *fault)
{
    const char *key = json_text_at(change->context, "rollout_key");
    auto_json json_t *wanted = rollout_of(document, variant, key);
    auto_json json_t *rollout = NULL;
    enum err e = field_read(campaign_fields, wanted, &rollout, fault);
    if (!e)
        e = campaign_check(rollout, change->context, fault);
    if (e)
        return e;
    json_t *plan = json_pack("{s:O, s:o}", "document", rollout, "phase",
                             campaign_phase_open(rollout, change->random));
    must(plan && json_object_set_new(change->plan, "rollout", plan) == 0);
    return ERR_OK;
}

static enum err check_shippable(const struct change *change, const char *variant,
                                struct fault *fault)
{
    const char *rollout = json_string_value(json_object_get(change->before, "rollout"));
    if (campaign_kind_of(change->before) != CAMPAIGN_EXPERIMENT)
        return fault_set(fault, ERR_CONFLICT, "", "only an experiment has a winner to ship");
    if (json_is_integer(json_object_get(change->before, "import")))
        return fault_set(fault, ERR_CONFLICT, "",
                         "it was imported: its variants change nothing here, so there is nothing "
                         "to ship");
    if (rollout)
        return fault_set(fault, ERR_CONFLICT, "", "it was shipped already, as %s", rollout);
    return check_winner(change->before, variant, "/variant", fault);
}

/* What was written down before stays where nothing else is told. */
static json_t *decision_to_ship(const struct change *change, const json_t *told)
{
    const json_t *learnings = json_object_get(told, "learnings");
    const json_t *before = json_object_get(change->before, "decision");
    const char *text = json_is_string(learnings) ? json_string_value(learnings)
                                                 : json_text_or(before, "learnings", "");
    json_t *out = json_pack("{s:s, s:s, s:s}", "outcome", "won", "variant",
                            json_text_at(told, "variant"), "learnings", text);
    must(out);
    return out;
}

enum err campaign_ship_plan(struct change *change, json_t *document, struct fault *ret_fault)
{
    auto_json json_t *nothing = json_object();
    auto_json json_t *told = NULL;
    enum err e = field_read(campaign_ship_fields, change->argument ? change->argument : nothing,
                            &told, ret_fault);
    if (e)
        return e;
    const char *variant = json_text_at(told, "variant");
    e = check_shippable(change, variant, ret_fault);
    if (!e)
        e = plan_rollout(change, document, variant, ret_fault);
    if (e)
        return e;
    must(json_object_set_new(document, "decision", decision_to_ship(change, told)) == 0);
    change->document = json_incref(document);
    return ERR_OK;
}
