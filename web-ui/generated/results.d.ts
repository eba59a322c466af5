// SPDX-License-Identifier: GPL-3.0-or-later
// The results document. Written by tools/types/write.sh, not by hand.

export interface ResultsPhase {
    /** from 1 */
    number: number;
    /** null: it has not */
    ended_at: string | null;
    /** when it began */
    started_at: string | null;
}

export interface ResultsFigures {
    /** its name */
    metric: string | null;
    /** key of another one */
    campaign: string | null;
    /** key of the other one's */
    campaign_variant: string | null;
    /** of the variant */
    uplift: number | null;
    /** beside the other campaign's variant */
    uplift_with: number | null;
    /** beside its control */
    uplift_without: number | null;
    /** of the variants' sizes */
    p: number | null;
    /** fewest of a variant */
    conversions: number | null;
    /** until the needed units have come, at this pace */
    days_left: number | null;
    /** that was to be found */
    minimum_uplift: number | null;
    /** what one visitor has */
    largest: number | null;
    /** its part of the variant's sum */
    share: number | null;
}

export interface ResultsCaution {
    /** what it is about */
    rule: 'joint_srm' | 'twyman' | 'interaction' | 'outlier';
    /** that it is about */
    variant: string | null;
    /** a sentence */
    text: string;
    /** what the sentence tells; null: it does not */
    figures: ResultsFigures;
}

export interface ResultsVerdict {
    /** what to do now */
    answer: 'ship' | 'stop' | 'go_on' | 'not_enough' | 'broken';
    /** that it is about */
    variant: string | null;
    /** that applied, the most important first */
    rule: 'no_control' | 'srm' | 'no_goal' | 'computing' | 'guardrail_harmed' | 'repeated_units' | 'no_spread' | 'interaction' | 'novelty' | 'few_conversions' | 'short_of_a_week' | 'mixed_goals' | 'guardrail_open' | 'winner' | 'loser' | 'ended_early' | 'underpowered' | 'no_effect' | 'undecided';
    /** a sentence */
    text: string;
    /** what the sentence tells; null: it does not */
    figures: ResultsFigures;
    /** to know beside it, whatever it is */
    cautions: ResultsCaution[];
    /** the phase has run for */
    days: number;
    /** over all variants */
    units: number;
    /** planned, or what the minimum uplift takes */
    needed_units: number | null;
    /** until they have come, at this pace; null: unknown, or over */
    days_left: number | null;
}

export interface ResultsTraffic {
    /** visitors who met a variant */
    units: number;
    /** in which they did: the phase's last 28, or all it has */
    days: number;
    /** at this pace; null: of less than a week */
    month_units: number | null;
}

export interface ResultsMoney {
    /** key of the sum that is meant, in the document's currency */
    metric: string;
    /** that the verdict is about, or that leads */
    variant: string;
    /** of the intervals */
    confidence: number;
    /** more, of a thousand visitors */
    per_thousand: number | null;
    /** always valid */
    per_thousand_interval: [number | null, number | null] | null;
    /** more a month, at the traffic there is; null: of less than a week */
    per_month: number | null;
    /** always valid */
    per_month_interval: [number | null, number | null] | null;
}

export interface ResultsCorrected {
    /** given that the bar was passed, by the truncated normal */
    method: 'conditional';
    /** that the statistic had to pass */
    bar: number;
    /** median-unbiased */
    difference: number | null;
    /** of the difference */
    interval: [number | null, number | null] | null;
    /** over the control's value, taken as known */
    uplift: number | null;
    /** of the uplift */
    uplift_interval: [number | null, number | null] | null;
}

export interface ResultsInsightArm {
    /** of the variant */
    key: string;
    /** of all variants, the control too */
    chance_to_be_best: number | null;
    /** of all variants, the control too */
    chance_to_be_of_best_two: number | null;
    /** of choosing it, against the best, in the metric's unit */
    expected_loss: number | null;
    /** the difference, less what luck adds to one that was called; null: not called, or by planned looks, whose own estimate is corrected */
    corrected: ResultsCorrected | null;
}

export interface ResultsOutlook {
    /** from now on */
    days: number;
    /** of all variants then, at the traffic there is */
    units: number;
    /** chance that the leader is called better then, over what is known */
    better: number;
    /** chance that it is called worse */
    worse: number;
    /** chance to be called better if it has the minimum uplift */
    at_minimum: number | null;
}

export interface ResultsInsight {
    /** that decides */
    metric: string;
    /** ok, or why the variants have no chances */
    status: string;
    /** which one is the best */
    variants: ResultsInsightArm[];
    /** the treatment with the best chance */
    leader: string | null;
    /** whether more days would help; empty: it was called, or nobody comes any more */
    outlook: ResultsOutlook[];
}

export interface ResultsVariant {
    /** of the variant */
    key: string;
    /** that people read; empty: it has none */
    name: string;
    /** the others are compared with it */
    is_control: boolean;
    /** its part of those allotted, as it was set */
    weight: number;
    /** its part of the buckets, by which its size is tested */
    share: number;
    /** visitors that met it first */
    units: number;
    /** of these, who met another one later */
    crossovers: number;
}

export interface ResultsSrm {
    /** ok, warning, alarm, or why there is no test */
    status: string;
    /** of the sizes against the shares */
    chi2: number | null;
    /** its degrees of freedom */
    df: number | null;
    /** for one look */
    p: number | null;
}

export interface ResultsSequentialSrm {
    /** the always-valid test */
    method: 'dirichlet_multinomial';
    /** of its prior */
    concentration: number;
    /** that counted */
    looks: number;
    /** that the sizes do not fit the shares, now */
    log_bayes_factor: number | null;
    /** the smallest of all looks */
    p: number | null;
    /** what it says */
    status: 'ok' | 'alarm' | 'no_data';
}

export interface ResultsJoint {
    /** the other one's key */
    campaign: string;
    /** the other one's */
    name: string | null;
    /** the other one's */
    phase: number;
    /** ok, alarm, or why there is no test */
    status: string;
    /** the columns of units */
    other_variants: string[];
    /** visitors that met both: one row for each variant here */
    units: number[][];
    /** Pearson's test of independence */
    chi2: number | null;
    /** its degrees of freedom */
    df: number | null;
    /** for one look */
    p: number | null;
    /** that a row differs from the other one's weights; with p below 0.001 and this above ln 1000 it is an alarm */
    log_bayes_factor: number | null;
    /** when the units were counted */
    as_of: string;
}

export interface ResultsOverflow {
    /** visitors left out: they have more events than a person */
    units: number;
    /** the ids of at most five */
    examples: string[];
}

export interface ResultsInvalid {
    /** its key */
    metric: string;
    /** left out of its sums */
    events: number;
}

export interface ResultsFold {
    /** not in these results yet */
    lag_events: number;
    /** nothing is left to count, and every day that is over has its look */
    is_complete: boolean;
}

export interface ResultsHealth {
    /** whether the sizes fit the weights, by both tests below: the one thing to tell of them */
    split: 'ok' | 'odd' | 'broken' | 'unknown';
    /** the p-value behind it */
    split_p: number | null;
    /** chi-square of the sizes against the weights */
    srm: ResultsSrm;
    /** the same, to be read at any time */
    srm_sequential: ResultsSequentialSrm;
    /** whether allotment depends on that of other campaigns */
    joint_srm: ResultsJoint[];
    /** visitors that were seen in several variants */
    crossovers: number;
    /** visitors that no figure counts */
    overflow: ResultsOverflow;
    /** visitors that people took out: no figure counts them either */
    excluded: number;
    /** events whose numbers are out of bounds, of metrics that leave any out */
    invalid: ResultsInvalid[];
    /** events that count without their money, of metrics of which there are any: it is in a currency that has no rate for the day; see currency-rates */
    unrated: ResultsInvalid[];
    /** how far the counting is */
    fold: ResultsFold;
    /** srm, joint_srm, interaction, crossovers, outlier, import_partial */
    warnings: string[];
}

export interface ResultsRaw {
    /** units */
    n: number;
    /** of the numerator, in steps of one over scale where it sums values */
    sum_n: string;
    /** of the denominator */
    sum_d: string;
    /** of the numerator's squares */
    sum_nn: string | null;
    /** of the products of both */
    sum_nd: string | null;
    /** of the denominator's squares */
    sum_dd: string | null;
    /** of the numerator's cubes */
    sum_nnn: string | null;
    /** of the fixed point */
    scale: number;
    /** of the numerator before the exposure */
    sum_x: string | null;
    /** of the denominator before the exposure */
    sum_y: string | null;
    /** of the squares of x */
    sum_xx: string | null;
    /** of the products of x and y */
    sum_xy: string | null;
    /** of the squares of y */
    sum_yy: string | null;
    /** of the products of n and x */
    sum_nx: string | null;
    /** of the products of n and y */
    sum_ny: string | null;
    /** of the products of d and x */
    sum_dx: string | null;
    /** of the products of d and y */
    sum_dy: string | null;
    /** units that were not seen before their exposure */
    missing: string | null;
    /** of n over those */
    sum_nm: string | null;
    /** of d over those */
    sum_dm: string | null;
}

export interface ResultsSkewCorrected {
    /** Hall's transformation of Welch's t */
    method: 'hall';
    /** of the difference */
    interval: [number | null, number | null] | null;
    /** the transformed t */
    statistic: number | null;
    /** two-sided, for one look */
    p: number | null;
}

export interface ResultsFrequentist {
    /** the test */
    method: 'two_proportion' | 'welch' | 'delta';
    /** ok, or why there is no answer */
    status: string;
    /** treatment - control */
    difference: number | null;
    /** standard error of the difference */
    se: number | null;
    /** of the difference */
    interval: [number | null, number | null] | null;
    /** the difference over the control's value */
    uplift: number | null;
    /** of the uplift */
    uplift_interval: [number | null, number | null] | null;
    /** what the statistic is */
    statistic_name: 'z' | 't' | 't';
    /** of the test */
    statistic: number | null;
    /** degrees of freedom; null of z */
    df: number | null;
    /** two-sided, for one look */
    p: number | null;
    /** exact where p underflows */
    log10_p: number | null;
    /** the pooled test of two rates */
    pooled_z?: number | null;
    /** its p */
    pooled_p?: number | null;
    /** Wald's, of the difference */
    wald_interval?: [number | null, number | null] | null;
    /** what the method warns of */
    warnings: string[];
    /** where few visitors make most of the sum and one arm is 1.5 times the other: Welch's test leans to one side there */
    skew_corrected?: ResultsSkewCorrected;
}

export interface ResultsPrior {
    /** of a Beta prior */
    a?: number;
    /** of a Beta prior */
    b?: number;
    /** of a normal prior */
    mean?: number;
    /** of a normal prior; null: flat */
    sd?: number | null;
}

export interface ResultsBayesian {
    /** the model */
    method: 'beta_binomial' | 'normal' | 'normal';
    /** what was believed before */
    prior: ResultsPrior;
    /** ok, or why there is no answer */
    status: string;
    /** of the difference */
    mean: number | null;
    /** that the treatment's value is larger */
    chance_to_win: number | null;
    /** of choosing the treatment */
    expected_loss: number | null;
    /** of choosing the control */
    expected_loss_control: number | null;
    /** credible, of the difference */
    interval: [number | null, number | null] | null;
    /** credible, of the uplift */
    uplift_interval: [number | null, number | null] | null;
}

export interface ResultsCuped {
    /** how the past is taken out */
    method: 'cuped';
    /** how long before the exposure is looked at */
    pre_period_days: number;
    /** ok, or why there is no answer */
    status: string;
    /** of both arms together, or one of each */
    slopes: 'pooled' | 'per_arm';
    /** slope on the metric before, of the treatment */
    theta: number | null;
    /** slope on the metric before, of the control */
    theta_control: number | null;
    /** slope on not being seen before, of the treatment */
    theta_missing: number | null;
    /** the same, of the control */
    theta_missing_control: number | null;
    /** the control's adjusted value */
    control: number | null;
    /** the treatment's adjusted value */
    value: number | null;
    /** treatment - control */
    difference: number | null;
    /** standard error of the difference */
    se: number | null;
    /** of the difference */
    interval: [number | null, number | null] | null;
    /** the difference over the control's value */
    uplift: number | null;
    /** of the uplift */
    uplift_interval: [number | null, number | null] | null;
    /** t */
    statistic: number | null;
    /** degrees of freedom */
    df: number | null;
    /** two-sided, for one look */
    p: number | null;
    /** the part of the variance that is gone */
    variance_reduction: number | null;
    /** that the past is the same in both arms */
    covariate_balance_p: number | null;
    /** that as many were not seen before in both */
    missing_balance_p: number | null;
    /** covariate_imbalance: the arms differed before */
    warnings: string[];
}

export interface ResultsSequentialNow {
    /** ok, or why there is no answer */
    status: string;
    /** always valid */
    p: number | null;
    /** of the difference */
    interval: [number | null, number | null] | null;
    /** of the uplift */
    uplift_interval: [number | null, number | null] | null;
}

export interface ResultsSequential {
    /** the always-valid test: a mean of three scales */
    method: 'normal_mixture';
    /** ok, or why there is no answer */
    status: string;
    /** the error that all looks share */
    alpha: number;
    /** units of both arms, by which the smallest scale is */
    tuned_units: number;
    /** the smallest scale in standard deviations of one unit */
    rho: number;
    /** the smallest scale now; the others are 8^0.5 and 8 times it */
    tau: number | null;
    /** it is sharp for: effects, over the one that tuned_units are planned for */
    range: [number | null, number | null] | null;
    /** that counted */
    looks: number;
    /** the smallest of all looks */
    p: number | null;
    /** exact where p underflows */
    log10_p: number | null;
    /** common to all looks, of the difference */
    interval: [number | null, number | null] | null;
    /** common to all looks, of the uplift */
    uplift_interval: [number | null, number | null] | null;
    /** this moment alone */
    now: ResultsSequentialNow;
}

export interface ResultsTrend {
    /** a line through what each look added */
    method: 'weighted_least_squares';
    /** ok, or why there is no answer */
    status: string;
    /** that counted */
    looks: number;
    /** of the difference, a day */
    slope: number | null;
    /** of the slope */
    interval: [number | null, number | null] | null;
    /** that there is no slope */
    p: number | null;
    /** the line's value on the first day */
    first: number | null;
    /** the line's value on the last day */
    last: number | null;
    /** that the days scatter as their errors say */
    fit_p: number | null;
    /** the effect shrinks from day to day */
    is_fading: boolean;
}

export interface ResultsPlannedLook {
    /** that closed; null: the end of the phase, or to come */
    day: string | null;
    /** the look was taken */
    came: boolean;
    /** units that count over the planned ones */
    information: number;
    /** that z must cross */
    bound: number | null;
    /** of the bound */
    nominal_p: number | null;
    /** error spent up to here */
    spent: number | null;
    /** the test as a normal deviate */
    z: number | null;
    /** holds at all looks together */
    interval: [number | null, number | null] | null;
    /** the bound was crossed here first */
    crossed: boolean;
}

export interface ResultsInference {
    /** the order of outcomes */
    method: 'stagewise';
    /** ok, or why there is no answer */
    status: string;
    /** why the test came to its end */
    reason: 'crossed' | 'last_look';
    /** its number, from 1 */
    look: number;
    /** of the intervals */
    confidence: number;
    /** stage-wise */
    p: number | null;
    /** exact where p underflows */
    log10_p: number | null;
    /** median-unbiased */
    difference: number | null;
    /** of the difference */
    interval: [number | null, number | null] | null;
    /** the difference over the control's value */
    uplift: number | null;
    /** of the uplift */
    uplift_interval: [number | null, number | null] | null;
    /** that count now, and did not at that look */
    units_since: number;
}

export interface ResultsPlanned {
    /** what was planned */
    method: 'group_sequential' | 'fixed';
    /** ok, or why there is no answer */
    status: string;
    /** over all variants */
    planned_units: number;
    /** over all variants, now */
    units: number;
    /** how the error is spent */
    spending?: 'obrien_fleming' | 'pocock';
    /** the error of this metric */
    alpha?: number;
    /** at the last look */
    information?: number;
    /** beyond the planned ones */
    overrun_units?: number;
    /** a bound was crossed */
    crossed?: boolean;
    /** the planned units are there */
    complete?: boolean;
    /** nobody is allotted any more, and units are missing */
    ended_early?: boolean;
    /** that came, then those to come */
    looks?: ResultsPlannedLook[];
    /** once a bound was crossed or the last look came */
    inference?: ResultsInference | null;
    /** of the moment they were there */
    p?: number | null;
    /** treatment - control, of that moment */
    difference?: number | null;
    /** of the difference */
    interval?: [number | null, number | null] | null;
    /** of the uplift */
    uplift_interval?: [number | null, number | null] | null;
}

export interface ResultsMultiplicity {
    /** of the correction */
    method: string;
    /** whose p is corrected */
    of: 'sequential' | 'planned';
    /** the metrics asked together */
    family: 'primary' | 'secondary';
    /** each metric alone, or all of the campaign */
    scope: 'metric' | 'campaign';
    /** questions asked together */
    size: number;
    /** corrected */
    p: number | null;
    /** of the intervals, so that they hold together */
    confidence: number;
    /** of the difference */
    interval: [number | null, number | null] | null;
    /** of the uplift */
    uplift_interval: [number | null, number | null] | null;
}

export interface ResultsNoninferiority {
    /** the test */
    method: 'score_ratio' | 'welch' | 'delta';
    /** ok, or why there is no answer */
    status: string;
    /** that may be lost */
    margin: number;
    /** of the test at the margin */
    statistic: number | null;
    /** degrees of freedom */
    df: number | null;
    /** that more than the margin is lost */
    p: number | null;
    /** by the always-valid interval */
    verdict: 'kept' | 'harmed' | 'open';
    /** what the verdict goes by */
    verdict_of: 'sequential';
}

export interface ResultsFactor {
    /** the control's value */
    control: number;
    /** the treatment's value */
    treatment: number;
    /** of this factor */
    uplift: number | null;
    /** of the uplift */
    uplift_interval: [number | null, number | null] | null;
}

export interface ResultsDecomposition {
    /** of the intervals */
    method: 'log_ratio';
    /** whether the factors are known */
    status: 'unknown' | 'ok';
    /** why not */
    reason?: string;
    /** of the intervals */
    confidence: number;
    /** how many buy */
    conversion?: ResultsFactor;
    /** how often */
    orders_per_buyer?: ResultsFactor;
    /** for how much */
    average_order_value?: ResultsFactor;
    /** their product */
    revenue_per_visitor?: ResultsFactor;
}

export interface ResultsImpact {
    /** more, of a thousand visitors */
    per_thousand: number | null;
    /** always valid */
    per_thousand_interval: [number | null, number | null] | null;
    /** more a month, at the traffic there is; null: of less than a week */
    per_month: number | null;
    /** always valid */
    per_month_interval: [number | null, number | null] | null;
}

export interface ResultsEffect {
    /** for one look */
    frequentist: ResultsFrequentist;
    /** what to believe */
    bayesian: ResultsBayesian;
    /** what was before taken out; null without a pre-period */
    adjusted?: ResultsCuped | null;
    /** to be read at any time */
    sequential?: ResultsSequential;
    /** whether the effect wears off */
    trend?: ResultsTrend;
    /** the test that was planned */
    planned?: ResultsPlanned;
    /** corrected for the questions asked together */
    multiplicity?: ResultsMultiplicity;
    /** of a guardrail: whether it holds */
    noninferiority?: ResultsNoninferiority;
    /** of revenue: which part of it changed */
    decomposition?: ResultsDecomposition;
    /** what the difference comes to in the metric's unit; absent of a broken split, of too few data, and of a mean per event or a ratio */
    impact?: ResultsImpact;
}

export interface ResultsArm {
    /** of the variant */
    key: string;
    /** visitors that count */
    units: number;
    /** ok, or why there is no value */
    status: string;
    /** of the numerator, in the metric's unit */
    sum: number | null;
    /** of a mean or ratio */
    denominator?: number | null;
    /** rate, mean or ratio */
    value: number | null;
    /** its standard error */
    se: number | null;
    /** the exact sums that everything is computed from */
    raw: ResultsRaw;
    /** against the control, by each method with its parameters */
    effect?: ResultsEffect;
}

export interface ResultsLookSequential {
    /** ok, or why there is no answer */
    status: string;
    /** always valid, of this look alone */
    p: number | null;
    /** of the uplift */
    uplift_interval: [number | null, number | null] | null;
}

export interface ResultsLookArm {
    /** of the variant */
    key: string;
    /** visitors that counted */
    units: number;
    /** rate, mean or ratio */
    value: number | null;
    /** treatment - control */
    difference?: number | null;
    /** of the difference */
    interval?: [number | null, number | null] | null;
    /** of the uplift */
    uplift_interval?: [number | null, number | null] | null;
    /** two-sided, for one look */
    p?: number | null;
    /** that the treatment's value is larger */
    chance_to_win?: number | null;
    /** to be read at every look */
    sequential?: ResultsLookSequential;
}

export interface ResultsSinceDay {
    /** since the exposure, from 1: 24 hours each */
    day: number;
    /** the visitors for whom it is over, and what they did on it */
    variants: ResultsLookArm[];
}

export interface ResultsSince {
    /** when it was worked out */
    as_of: string;
    /** of the visitors that were gone over, by a hash of their ids */
    share: number;
    /** the first two weeks, as far as anybody has come; each is compared by itself */
    days: ResultsSinceDay[];
}

export interface ResultsPart {
    /** of the dimension */
    value: string;
    /** at this value */
    variants: ResultsArm[];
}

export interface DistributionQuantile {
    /** which one */
    quantile: number;
    /** ok, or why there is no answer */
    status: string;
    /** the quantile */
    value: number | null;
    /** of it */
    interval: [number | null, number | null] | null;
}

export interface DistributionCapped {
    /** the test */
    method: 'welch';
    /** ok, or why there is no answer */
    status: string;
    /** treatment - control */
    difference: number | null;
    /** its standard error */
    se: number | null;
    /** of the difference */
    interval: [number | null, number | null] | null;
    /** the difference over the control's value */
    uplift: number | null;
    /** of the uplift */
    uplift_interval: [number | null, number | null] | null;
    /** t */
    statistic: number | null;
    /** degrees of freedom */
    df: number | null;
    /** for one look */
    p: number | null;
}

export interface DistributionRanks {
    /** the test */
    method: 'mann_whitney';
    /** p is that of all permutations */
    is_exact: boolean;
    /** ok, or why there is no answer */
    status: string;
    /** that a treatment's value is larger, ties half */
    superiority: number | null;
    /** of the superiority */
    interval: [number | null, number | null] | null;
    /** pairs with the treatment larger, ties half */
    u: number | null;
    /** u as a normal deviate */
    z: number | null;
    /** for one look */
    p: number | null;
    /** where the arms spread differently */
    brunner_munzel_p: number | null;
}

export interface DistributionQuantileEffect {
    /** which one */
    quantile: number;
    /** ok, or why there is no answer */
    status: string;
    /** treatment - control */
    difference: number | null;
    /** of it */
    interval: [number | null, number | null] | null;
}

export interface DistributionEffect {
    /** of the capped sums */
    capped: DistributionCapped;
    /** whether the treatment's values tend to be larger */
    ranks: DistributionRanks;
    /** their differences */
    quantiles: DistributionQuantileEffect[];
}

export interface DistributionArm {
    /** of the variant */
    key: string;
    /** outlier: one unit holds a good part of the sum */
    warnings: string[];
    /** that have a value */
    units: number;
    /** of these, with the value 0 */
    zeros: number;
    /** value */
    largest: number | null;
    /** of the variant's sum */
    largest_share: number | null;
    /** whose value is above the cap */
    capped_units: number;
    /** with the cap instead of what is above */
    capped_sum: number | null;
    /** mean with the cap */
    capped_value: number | null;
    /** its standard error */
    capped_se: number | null;
    /** median, 90 % and 95 % */
    quantiles: DistributionQuantile[];
    /** against the control */
    effect?: DistributionEffect;
}

export interface Distribution {
    /** when it was made */
    as_of: string;
    /** what a unit's value is; four digits of it where units have more than 100,000 different ones */
    values: 'sum_of_unit' | 'mean_of_unit';
    /** of the values that are not 0 */
    cap_quantile: number;
    /** that quantile, of all variants together */
    cap: number | null;
    /** whose value is above the cap */
    capped_units: number;
    /** outlier: one unit holds a good part of the sum */
    warnings: string[];
    /** and how their values lie */
    variants: DistributionArm[];
}

export interface ResultsMetric {
    /** of the metric */
    key: string;
    /** that people read */
    name: string;
    /** conversion, count, sum, mean or ratio */
    kind: string;
    /** in the campaign */
    role: 'primary' | 'secondary' | 'guardrail';
    /** what is better */
    direction: 'up' | 'down';
    /** of its values */
    unit: 'money' | 'number';
    /** whether all events were counted */
    status: 'ok' | 'computing';
    /** over all units */
    variants: ResultsArm[];
    /** what visitors did on each day since their exposure; null: it was not worked out yet */
    since_exposure: ResultsSince | null;
    /** by the dimension asked for */
    breakdown?: Record<string, ResultsPart[]>;
    /** quantiles, capped sums and ranks, and when they were made */
    distribution: Distribution | null;
}

export interface ResultsInteractionCell {
    /** here */
    variant: string;
    /** there */
    other_variant: string;
    /** visitors that count */
    units: number;
    /** ok, or why there is no value */
    status: string;
    /** of the numerator, in the metric's unit */
    sum: number | null;
    /** of a mean or ratio */
    denominator?: number | null;
    /** rate, mean or ratio */
    value: number | null;
    /** its standard error */
    se: number | null;
    /** the exact sums that everything is computed from */
    raw: ResultsRaw;
}

export interface ResultsInteractionEffect {
    /** treatment - control */
    difference: number | null;
    /** of the difference */
    interval: [number | null, number | null] | null;
    /** the difference over the control's value */
    uplift: number | null;
    /** of the uplift */
    uplift_interval: [number | null, number | null] | null;
}

export interface ResultsInteractionSequential {
    /** the always-valid test */
    method: 'normal_mixture';
    /** the error that all looks share */
    alpha: number;
    /** units of both arms, by which the smallest scale is */
    tuned_units: number;
    /** the smallest scale in standard deviations of one unit */
    rho: number;
    /** holds whenever it is read */
    p: number | null;
    /** of the difference in differences */
    interval: [number | null, number | null] | null;
}

export interface ResultsInteractionMultiplicity {
    /** of the correction */
    method: 'holm';
    /** whose p is corrected */
    of: 'sequential';
    /** interactions that have an answer */
    size: number;
    /** corrected */
    p: number | null;
}

export interface ResultsInteraction {
    /** the other one's key */
    campaign: string;
    /** the other one's */
    name: string | null;
    /** the other one's */
    phase: number;
    /** that decides here */
    metric: string;
    /** the treatment here */
    variant: string;
    /** the treatment there */
    other_variant: string;
    /** the four of both controls and both treatments */
    cells: ResultsInteractionCell[];
    /** ok, or why there is no answer */
    status: string;
    /** of variant on visitors that met other_variant */
    effect_with: ResultsInteractionEffect;
    /** and on those that met the control there */
    effect_without: ResultsInteractionEffect;
    /** effect_with - effect_without */
    difference_in_differences: number | null;
    /** its standard error */
    se: number | null;
    /** at the campaign's confidence */
    interval: [number | null, number | null] | null;
    /** Welch's t */
    statistic: number | null;
    /** degrees of freedom */
    df: number | null;
    /** for one look */
    p_value: number | null;
    /** holds whenever it is read */
    sequential: ResultsInteractionSequential;
    /** corrected over all interactions */
    multiplicity: ResultsInteractionMultiplicity;
    /** the corrected p is at most 1 - confidence */
    is_found: boolean;
    /** when the cells were counted */
    as_of: string;
}

export interface ResultsLookMetric {
    /** of the metric */
    key: string;
    /** at this look */
    variants: ResultsLookArm[];
}

export interface ResultsLook {
    /** that closed */
    day: string;
    /** when it closed */
    as_of: string;
    /** as they were then */
    metrics: ResultsLookMetric[];
}

export interface ResultsExposureArm {
    /** of the variant */
    key: string;
    /** visitors that met it first on this day */
    units: number;
}

export interface ResultsExposureDay {
    /** in the document's time zone */
    day: string;
    /** and who met them */
    variants: ResultsExposureArm[];
}

export interface Results {
    /** its key */
    campaign: string;
    /** that people read */
    name: string | null;
    /** experiment, rollout or holdout */
    kind: string;
    /** of the campaign */
    status: string;
    /** that is shown */
    phase: number;
    /** all there are */
    phases: ResultsPhase[];
    /** of the phase */
    started_at: string | null;
    /** of the phase */
    ended_at: string | null;
    /** null: visitors and their events were counted; else totals a day were imported, of visitors on their first day alone (new) or on each day they came (daily): then there are no segments, quantiles, caps, ratios, crossovers and no adjustment by the past */
    totals: 'new' | 'daily' | null;
    /** of money */
    currency: string;
    /** of the days */
    time_zone: string;
    /** of all intervals */
    confidence: number;
    /** when the results were read */
    as_of: string;
    /** how the phase is judged, fixed at its start */
    statistics: unknown;
    /** key of the variant that others are compared with: the baseline asked for */
    control: string | null;
    /** what to do now */
    verdict: ResultsVerdict;
    /** what a month is made of */
    traffic: ResultsTraffic;
    /** what it is worth; null: no sum of money is measured by visitor, the split is broken, or the data are too few */
    money: ResultsMoney | null;
    /** what the metric that decides tells besides; null: the split is broken, the data are too few or not counted yet, or there is no control */
    insight: ResultsInsight | null;
    /** why to look now: broken_split, guardrail_harmed, no_exposures (of a day), ready (to decide), schedule_ended */
    attention: string[];
    /** and who met them */
    variants: ResultsVariant[];
    /** whether the numbers can be trusted */
    health: ResultsHealth;
    /** what the variants change */
    metrics: ResultsMetric[];
    /** with the five campaigns that share the most visitors, for each pair of treatments */
    interactions: ResultsInteraction[];
    /** what was known when each day closed */
    looks: ResultsLook[];
    /** who came on each day, those without anybody left out */
    exposures: ResultsExposureDay[];
}

export interface ResultsSplitArm {
    /** of the variant */
    key: string;
    /** visitors that met it first */
    units: number;
    /** by its part of the buckets */
    expected: number;
}

export interface ResultsSplitPart {
    /** the day, or the value of the dimension */
    value: string;
    /** and their sizes */
    variants: ResultsSplitArm[];
    /** chi-square of the sizes against the shares, exact where they are small */
    p: number | null;
    /** the same, corrected for all parts together, by Holm */
    p_adjusted: number | null;
    /** the sizes do not fit: p_adjusted is below the threshold */
    is_found: boolean;
}

export interface ResultsSplitDimension {
    /** its key */
    dimension: string;
    /** the 50 that the most visitors have, in order */
    values: ResultsSplitPart[];
}

export interface ResultsSplit {
    /** its key */
    campaign: string;
    /** that is shown */
    phase: number;
    /** of p_adjusted */
    threshold: number;
    /** parts that were tested */
    tests: number;
    /** of these, in how many the sizes do not fit */
    found: number;
    /** on which anybody came, the last 400 */
    days: ResultsSplitPart[];
    /** that the phase has */
    dimensions: ResultsSplitDimension[];
}

export interface ResultsPartEffect {
    /** the control's value */
    control: number;
    /** treatment - control */
    difference: number;
    /** the difference over the control's value */
    uplift: number | null;
}

export interface ResultsFinding {
    /** by which visitors differ */
    dimension: string;
    /** of those whose effect was the furthest from the others' */
    value: string;
    /** treatment, against the control */
    variant: string;
    /** visitors of the value, in both arms */
    units: number;
    /** values of the dimension with data enough */
    segments: number;
    /** Cochran's, in the half that was searched: that all are alike */
    spread_p: number | null;
    /** of the value, second half */
    here: ResultsPartEffect;
    /** of all other values, second half, by the inverse of their variance */
    elsewhere: ResultsPartEffect;
    /** the difference here less that elsewhere */
    contrast: number;
    /** of the contrast */
    interval: [number | null, number | null] | null;
    /** that there is no contrast, in the second half */
    p: number | null;
    /** for the false discoveries among all questions */
    adjusted_p: number | null;
    /** adjusted_p is at most alpha */
    is_found: boolean;
}

export interface ResultsStratified {
    /** whose mix is made the same in both arms */
    dimension: string;
    /** treatment, against the control */
    variant: string;
    /** of the dimension */
    values: number;
    /** treatment - control, at the mix of both arms together */
    difference: number | null;
    /** of the difference */
    interval: [number | null, number | null] | null;
    /** the difference over the control's value */
    uplift: number | null;
    /** of the uplift */
    uplift_interval: [number | null, number | null] | null;
    /** the uplift as measured, of the same visitors */
    measured_uplift: number | null;
    /** 1 - variance / variance as measured */
    variance_reduction: number | null;
}

export interface ResultsSearch {
    /** one half of the visitors is searched, the other confirms */
    method: 'honest_halves';
    /** that decides */
    metric: string;
    /** ok, or why nothing was asked */
    status: string;
    /** the part of what is found that may be false */
    alpha: number;
    /** one of each dimension and treatment, the surest first */
    list: ResultsFinding[];
    /** the effect if both arms had the same mix, by each dimension: for means and rates, read once */
    stratified: ResultsStratified[];
}

export interface ResultsFindings {
    /** its key */
    campaign: string;
    /** that is shown */
    phase: number;
    /** of money */
    currency: string;
    /** when it was read */
    as_of: string;
    /** of all intervals */
    confidence: number;
    /** for whom the effect is another one; null: the split is broken, the data are too few or not counted yet, or there is no control */
    findings: ResultsSearch | null;
}
