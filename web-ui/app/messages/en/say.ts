// SPDX-License-Identifier: GPL-3.0-or-later
// What results say, a sentence for each rule of theirs, and the metrics that come with an environment.
export default {
    'say.no_control': 'There is no control to compare with, so nothing can be said about an effect.',
    'say.srm':
        'The variants’ sizes do not fit their weights (p {p}): visitors get lost or are added in one of them. Believe no comparison until the cause is found.',
    'say.no_goal': 'No metric is measured that could decide: give the campaign a goal.',
    'say.computing': 'The results are still being made from the events of the past: look again soon.',
    'say.twyman':
        '“{variant}” changes “{metric}” more than most real changes do{uplift}: check that events are counted the same in all variants before you believe it.',
    'say.guardrail_harmed': '“{variant}” harms “{metric}”, which was to be protected: stop it.',
    'say.interaction': '{what} Do not decide on the average: end one of the two first, or decide on both.',
    'say.novelty':
        '“{variant}” is ahead, but its effect shrinks from day to day, as it does when people only react to something new: go on until it stays level.',
    'say.few_conversions': {
        one: 'One variant has only one conversion: below 25 in each, any difference may still be chance.',
        other: 'One variant has only {count} conversions: below 25 in each, any difference may still be chance.',
    },
    'say.no_visitors': 'No visitor has met it yet.',
    'say.short_of_a_week':
        'It has run for {days} days: let it see a full week, since visitors of a weekend buy differently from those of a working day.',
    'say.mixed_goals': '“{variant}” improves one goal and harms another: decide which of them counts.',
    'say.guardrail_open':
        '“{variant}” wins, but it may still cost more of “{metric}” than you accept: go on until that is clear.',
    'say.winner': '“{variant}” is better on “{metric}”{uplift}: ship it.',
    'say.loser': '“{variant}” is worse on “{metric}”{uplift}: stop and keep the control.',
    'say.loser.all': 'All variants are worse than the control on “{metric}”: stop and keep the control.',
    'say.ended_early':
        'It ended with {units} of {needed} visitors and nothing decided: that is too few to find an uplift of {minimum}, so it shows neither an effect nor that there is none.',
    'say.repeated_units':
        'Its visitors are those of each day: who came on several is in each, so days do not add up to visitors, no interval can be given, and nothing can be decided.',
    'say.no_spread':
        'Only sums of {metric} are known, and not their squares: how much visitors differ cannot be told, so no interval can be given, and nothing can be decided.',
    'say.underpowered': {
        one: 'Nothing is decided yet: {units} of {needed} visitors are there; at this pace the rest come in one more day. Go on.',
        other: 'Nothing is decided yet: {units} of {needed} visitors are there; at this pace the rest come in {count} more days. Go on.',
    },
    'say.underpowered.open': 'Nothing is decided yet: {units} of {needed} visitors are there. Go on.',
    'say.no_effect':
        'All visitors that were needed are there, and no effect on “{metric}” was found: stop; an uplift of {minimum} or more is unlikely.',
    'say.undecided': 'Nothing is decided yet, and too little is known to say when it will be. Go on.',
    'say.joint_srm':
        'Which variant of the campaign “{campaign}” visitors get depends on their variant here: the two are not allotted independently, so each counts some of the other’s effect.',
    'say.works_differently':
        '“{variant}” works differently on “{metric}” for visitors who also get “{other}” of the campaign “{campaign}”{with} than for those who get its control{without}.',
    'say.outlier':
        'A single visitor of “{variant}” has {largest} on “{metric}”, {share} of all of that variant: compare the capped result, and find out whether that visitor is real.',
    'metric.conversion_rate': 'Conversion rate',
    'metric.revenue_per_visitor': 'Revenue per visitor',
    'metric.average_order_value': 'Average order value',
    'metric.items_per_order': 'Items per order',
    'metric.add_to_basket_rate': 'Add-to-basket rate',
    'metric.conversion_rate.text': 'Visitors who bought',
    'metric.add_to_basket_rate.text': 'Visitors who put something into the basket',
    'metric.average_order_value.text': 'Revenue per order',
    'metric.revenue_per_visitor.text': 'Revenue over all visitors, also those who bought nothing',
    'metric.items_per_order.text': 'Pieces per order',
} as const;
