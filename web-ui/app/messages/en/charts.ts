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
} as const;
