// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "engine/results_judge.h"

static void add_double(struct buf *b, const char *key, double value)
{
    json_add_key(b, key);
    json_add_number(b, value);
}

static void add_bool(struct buf *b, const char *key, bool value)
{
    json_add_key(b, key);
    buf_add_str(b, value ? "true" : "false");
}

/* Days that closed; a look taken at the end of the phase has none. */
static void add_day(struct buf *b, const struct results *r, const struct results_schedule *s, int k)
{
    json_add_key(b, "day");
    if (k < s->came && s->days[k] < r->day_count)
        json_add_string(b, r->looks[r->days[s->days[k]].from].day);
    else
        buf_add_str(b, "null");
}

static void add_look(struct buf *b, const struct results *r, const struct results_schedule *s,
                     const struct results_planned *p, int k)
{
    static const struct results_planned_look none;
    const struct stats_group *bounds = &s->bounds;
    const struct results_planned_look *look = k < s->came ? &p->looks[k] : &none;
    json_add_comma(b);
    buf_add_char(b, '{');
    add_day(b, r, s, k);
    add_bool(b, "came", k < s->came);
    add_double(b, "information", s->information[k]);
    add_double(b, "bound", bounds->z[k]);
    add_double(b, "nominal_p", bounds->nominal_p[k]);
    add_double(b, "spent", bounds->cumulative[k]);
    results_add_number(b, "z", k < s->came ? stats_known(look->z) : (struct stats_number){0});
    results_add_interval(b, "interval", look->interval);
    add_bool(b, "crossed", k + 1 == p->crossed);
    buf_add_char(b, '}');
}

static void add_inference(struct buf *b, const struct results_schedule *s,
                          const struct results_inference *f)
{
    json_add_key(b, "inference");
    if (!f) {
        buf_add_str(b, "null");
        return;
    }
    buf_add_str(b, "{\"method\":\"stagewise\"");
    results_add_text(b, "status", stats_status_name(f->status));
    results_add_text(b, "reason", f->reason);
    add_double(b, "look", f->look);
    add_double(b, "confidence", 1 - s->bounds.alpha);
    results_add_number(b, "p", f->p);
    results_add_number(b, "log10_p", f->log10_p);
    results_add_number(b, "difference", f->diff);
    results_add_interval(b, "interval", f->interval);
    results_add_number(b, "uplift", f->uplift);
    results_add_interval(b, "uplift_interval", f->uplift_interval);
    add_double(b, "units_since", f->units_since);
    buf_add_char(b, '}');
}

static void add_group(struct buf *b, const struct results *r, const struct results_metric *m,
                      const struct results_planned *p)
{
    const struct results_schedule *s = r->schedules[m - r->metrics];
    double information = s->came > 0 ? s->information[s->came - 1] : 0;
    results_add_text(b, "spending",
                     r->rules.spending == STATS_SPEND_POCOCK ? "pocock" : "obrien_fleming");
    add_double(b, "alpha", s->bounds.alpha);
    add_double(b, "information", information);
    add_double(b, "overrun_units",
               information > 1 ? (information - 1) * r->rules.planned_units : 0);
    add_bool(b, "crossed", p->crossed > 0);
    add_bool(b, "complete", s->is_complete);
    add_bool(b, "ended_early", s->is_ended_early);
    json_add_key(b, "looks");
    buf_add_char(b, '[');
    for (int k = 0; k < s->bounds.looks && p->status == STATS_OK; k++)
        add_look(b, r, s, p, k);
    buf_add_char(b, ']');
    add_inference(b, s, p->inference);
}

static void add_fixed(struct buf *b, const struct results_planned *p)
{
    add_bool(b, "complete", p->is_final);
    results_add_number(b, "p", p->effect.p_two_sided);
    results_add_number(b, "difference", p->effect.diff);
    results_add_interval(b, "interval", p->effect.interval);
    results_add_interval(b, "uplift_interval", p->effect.uplift_interval);
}

void results_add_planned(struct buf *b, const struct results *r, const struct results_metric *m,
                         const struct results_planned *p)
{
    bool is_group = r->rules.method == JUDGE_GROUP;
    if (r->rules.method == JUDGE_ALWAYS_VALID || !(r->rules.planned_units > 0))
        return;
    json_add_key(b, "planned");
    buf_add_char(b, '{');
    results_add_text(b, "method", is_group ? "group_sequential" : "fixed");
    results_add_text(b, "status", stats_status_name(p->status));
    add_double(b, "planned_units", r->rules.planned_units);
    add_double(b, "units", r->units);
    if (is_group && r->control >= 0)
        add_group(b, r, m, p);
    else if (!is_group)
        add_fixed(b, p);
    buf_add_char(b, '}');
}
