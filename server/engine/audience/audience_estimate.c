// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/audience/audience_private.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "model/condition/condition.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

#define CONFIDENCE 0.95
#define UNKNOWNS   20

static bool is_known(const struct audience_sample *s, const char *name)
{
    auto_free char *first = mem_strdup(name);
    first[strcspn(first, ".")] = '\0';
    for (size_t i = 0; i < s->count; i++)
        if (json_object_get(s->rows[i].attributes, name) ||
            json_object_get(s->rows[i].attributes, first))
            return true;
    return false;
}

/* The attributes of a condition that nothing is known about, each once, into an object's keys. */
static void find_unknown(const struct audience_sample *s, json_t *condition, json_t *found)
{
    const char *name;
    size_t i;
    json_t *value, *part;
    json_object_foreach(condition, name, value) {
        if (name[0] == '$' && json_is_array(value)) {
            json_array_foreach(value, i, part)
                find_unknown(s, part, found);
        } else if (name[0] == '$') {
            find_unknown(s, value, found);
        } else if (json_object_size(found) < UNKNOWNS && !is_known(s, name)) {
            must(json_object_set_new(found, name, json_true()) == 0);
        }
    }
}

static void add(struct buf *b, const char *key, double value)
{
    json_add_key(b, key);
    json_add_number(b, value);
}

/* Of unequal weights as many as would be worth the same if they were equal. */
static double effective(const struct audience_sample *s)
{
    double squares = 0;
    for (size_t i = 0; i < s->count; i++)
        squares += s->rows[i].weight * s->rows[i].weight;
    return squares > 0 ? s->visitors * s->visitors / squares : 0;
}

/* Wilson's interval; a share of all there are is no estimate, yet next month's visitors are others.
 */
static void add_share(const struct audience_sample *s, double matching, double visitors,
                      struct buf *out)
{
    const double n = effective(s), share = s->visitors > 0 ? matching / s->visitors : NAN;
    const double z = stats_norm_z((1 - CONFIDENCE) / 2), shrink = 1 + z * z / n;
    const double middle = (share + z * z / (2 * n)) / shrink;
    const double half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / shrink;
    add(out, "matching", round(s->count > 0 ? share * visitors : 0));
    add(out, "share", share);
    add(out, "low", fmax(0, fmin(share, middle - half)));
    add(out, "high", fmin(1, fmax(share, middle + half)));
}

static void add_head(const struct audience_sample *s, size_t sampled, struct buf *out)
{
    buf_add_char(out, '{');
    add(out, "visitors", round(s->visitors));
    add(out, "sampled", (double)sampled);
    add(out, "days", AUDIENCE_DAYS);
}

/* The share of the sample that was looked at before the time was over, as a sample of its own, and
 * what matched of it, by weight. */
static struct audience_sample look(const struct audience_sample *s,
                                   const struct condition *condition, int64_t budget_us,
                                   double *ret_matching)
{
    struct audience_sample seen = *s;
    int64_t end_us = clock_mono_us() + budget_us;
    seen.visitors = *ret_matching = 0;
    for (seen.count = 0; seen.count < s->count; seen.count++) {
        const struct audience_visitor *v = &s->rows[seen.count];
        if (condition && seen.count > 0 && clock_mono_us() >= end_us)
            break;
        seen.visitors += v->weight;
        if (!condition || condition_matches(condition, v->attributes, NULL))
            *ret_matching += v->weight;
    }
    return seen;
}

enum err audience_estimate(const struct audience_sample *sample, const json_t *condition,
                           int64_t budget_us, struct buf *out, struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *unknown = json_object();
    const struct condition *compiled = NULL;
    double matching;
    const char *name;
    json_t *value;
    if (condition && !json_is_null(condition)) {
        compiled = condition_compile(arena, condition, CONDITION_STRICT, ret_fault);
        if (!compiled)
            return ret_fault->code;
        auto_json json_t *copy = json_copy((json_t *)(uintptr_t)condition);
        find_unknown(sample, copy, unknown);
    }
    const struct audience_sample seen = look(sample, compiled, budget_us, &matching);
    add_head(sample, seen.count, out);
    add_share(&seen, matching, sample->visitors, out);
    json_add_key(out, "unknown");
    buf_add_char(out, '[');
    json_object_foreach(unknown, name, value) {
        json_add_comma(out);
        json_add_string(out, name);
    }
    buf_add_str(out, "]}");
    return ERR_OK;
}
