// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'results.forest': 'What the variants change',
    'results.forest.frequentist': 'Each metric’s uplift with the interval that may be read at any time.',
    'results.forest.bayesian': 'Each metric’s uplift with its credible interval.',
    'results.forest.control': '{name}, with which all are compared',
    'results.forest.better': 'better',
    'results.forest.worse': 'worse',
    'results.forest.open': 'not told apart yet',
    'results.posterior.range': 'one standard error: {range}',
    'results.exposures': 'New visitors of each day',
    'results.exposures.label': 'Visitors who met each variant first, on each of {days} days',
    'results.exposures.one': 'All came on one day: there is no course to show yet.',
    'results.since': 'Effect by days since exposure',
    'results.since.axis': 'Days since the exposure',
    'results.since.label': 'Difference in {metric} on each of {days} days since the exposure',
    'results.since.day': 'Day {day}',
    'results.since.none': 'A day since the exposure has to be over before there is anything to show.',
    'results.since.text':
        'What visitors did on the first, second, … 24 hours since they met their variant, less what those with the baseline did: an effect that wears off shrinks from day to day. Each day is compared by itself ({confidence}); of many days one may stand out by chance.',
    'results.since.share': 'Worked out from {share} of the visitors, taken by a hash of their ids.',
    'results.since.units': { one: '{count} visitor', other: '{count} visitors' },
} as const;
