// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How a phase is judged: the always-valid path over its looks, the planned looks, families of
 * questions, guardrails, and what is recommended.
 */
#pragma once

#include "engine/results_phase.h"

/* The estimates of two arms at one look, or now. */
struct results_point {
    bool is_usable; /* enough in both arms for a normal approximation */
    struct stats_estimate control, treatment;
    double units; /* of both arms */
};

/* All looks so far, and now as the last. 'rho' is the mixing scale in standard deviations of one
 * unit, tuned to 'tuned_units' of these two arms. */
struct results_path {
    const struct results_point *points;
    size_t count;
    double rho, tuned_units;
};

struct results_sequential {
    enum stats_status status;
    size_t looks; /* that counted */
    double alpha;
    struct stats_number tau; /* now */
    struct stats_number p, log10_p;
    struct stats_interval interval, uplift_interval;
    struct stats_always_valid now; /* this moment alone */
};

/* A line through what each look added, over the days. */
struct results_trend {
    struct stats_trend line;
    size_t looks;
    bool is_fading; /* the effect shrinks: p < 0.01 of the slope over at least seven looks */
};

/* The planned looks of one metric: those that came, then those to come at their planned places.
 * Information is the units that count for the metric over the planned ones. */
struct results_schedule {
    size_t days[STATS_GROUP_LOOKS]; /* index of the day of each look that came; day_count: now */
    double information[STATS_GROUP_LOOKS];
    int came;
    bool is_complete;          /* the last look came */
    bool is_ended_early;       /* nobody is allotted any more, and it will not come */
    struct stats_group bounds; /* t: of the last look, where that came late */
};

struct results_planned_look {
    double z;
    struct stats_interval interval; /* diff -+ bound se: they hold at all looks together */
};

/* What is said once the test has come to its end. */
struct results_inference {
    const char *reason; /* "crossed" or "last_look"; NULL: it has not */
    int look;           /* from 1 */
    enum stats_status status;
    struct stats_number p, log10_p, diff, uplift; /* diff: median-unbiased */
    struct stats_interval interval, uplift_interval;
    double units_since; /* that count for the metric now, and did not at that look */
};

struct results_planned {
    enum stats_status status;
    const struct results_planned_look *looks;  /* group: of those that came */
    int crossed;                               /* number of the look that crossed; 0: none */
    bool is_above;                             /* it crossed on the side of a larger treatment */
    const struct results_inference *inference; /* group */
    bool is_final;                             /* fixed: the planned units are there */
    size_t day;                                /* fixed: index of that day; day_count: now */
    struct stats_effect effect;                /* fixed: of that moment */
};

struct results_adjusted {
    bool is_known;
    size_t size; /* of the family */
    double confidence;
    struct stats_number p;
    struct stats_interval interval, uplift_interval;
};

/* One metric of one variant, over all units. */
struct results_cell {
    struct results_arm arm;
    struct results_effect effect;
    struct results_path path;
    struct results_sequential sequential;
    struct results_trend trend;
    struct results_planned planned;
    struct results_adjusted adjusted;
    bool is_better, is_worse; /* called so by the campaign's own test */
};

struct results_noninferiority {
    enum stats_status status;
    struct stats_number statistic, df, p;
    const char *verdict; /* by the always-valid interval: "kept", "harmed" or "open" */
};

enum results_factor { FACTOR_CONVERSION, FACTOR_ORDERS, FACTOR_VALUE, FACTOR_WHOLE, FACTOR_COUNT };

/* Revenue per visitor = conversion x orders per buyer x order value. */
struct results_decomposition {
    bool is_known;
    const char *why; /* it is not */
    struct stats_estimate control[FACTOR_COUNT], treatment[FACTOR_COUNT];
};

/* The unit that the distribution warns of. */
struct results_outlier {
    const char *variant;
    double largest, share; /* of its variant's sum */
};

/* results_path.c. Below this the normal approximation promises nothing. */
bool results_is_enough(const struct results_metric *m, const struct results_arm *a);
/* The part of all units that the control and a variant are meant to get. */
double results_share_of(const struct results *r, size_t variant);
struct results_path results_path_of(const struct results *r, const struct results_metric *m,
                                    size_t variant);
/* What the i-th look alone says, at level 1 - alpha and whatever looks there are besides. */
struct stats_always_valid results_sequential_at(const struct results_path *path, size_t i,
                                                double alpha);
/* Always valid at level 1 - alpha: the smallest p and the common part of the intervals of all
 * looks and now. */
struct results_sequential results_sequential_of(const struct results_path *path, double alpha);

/* results_trend.c */
struct results_trend results_trend_of(const struct results *r, const struct results_path *path);

/* results_planned.c: needs the arms of all cells. The fixed test of the moment the planned units
 * were there can be asked for at any level: unknown before. */
void results_schedule_looks(struct results *r);
struct results_planned results_planned_of(const struct results *r, const struct results_metric *m,
                                          size_t variant);
struct stats_effect results_planned_test(const struct results *r, const struct results_metric *m,
                                         size_t variant, double confidence);
/* The member "planned". */
void results_add_planned(struct buf *b, const struct results *r, const struct results_metric *m,
                         const struct results_planned *planned);

/* results_cells.c: fills r->cells, adjusted and called. */
void results_fill_cells(struct results *r);
struct results_cell *results_cell_at(const struct results *r, size_t metric, size_t variant);

/* results_adjust.c: needs everything else of the cells. The number of questions in the family of a
 * role, at least 1. */
size_t results_family_size(const struct results *r, enum results_role role);
void results_adjust(struct results *r);

/* results_guardrail.c */
struct results_noninferiority results_noninferiority_of(const struct results_metric *m,
                                                        const struct results_cell *control,
                                                        const struct results_cell *treatment);
struct results_decomposition results_decompose(const struct results *r, size_t variant);

/* results_recommend.c: the metric that decides, the first primary one, else the first; 0 where
 * there is none. */
size_t results_goal(const struct results *r);
void results_add_recommendation(struct buf *b, const struct results *r, int64_t as_of_us);
/* results_health.c */
void results_add_health(struct buf *b, const struct results *r);
/* An alarm that may be acted upon; *ret_p is the p-value behind it. */
bool results_is_mismatch(const struct results *r, double *ret_p);

/* results_outlier.c: false where the distribution warns of none. */
bool results_find_outlier(const struct results_metric *m, struct results_outlier *ret_outlier);

/* JSON parts, see results_phase.h. */
void results_add_sequential(struct buf *b, const struct results_cell *cell);
void results_add_trend(struct buf *b, const struct results_trend *trend);
void results_add_multiplicity(struct buf *b, const struct results *r,
                              const struct results_metric *m,
                              const struct results_adjusted *adjusted);
void results_add_noninferiority(struct buf *b, const struct results_metric *m,
                                const struct results_noninferiority *n);
void results_add_decomposition(struct buf *b, const struct results_decomposition *d,
                               double confidence);
