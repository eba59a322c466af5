// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'insight.title': 'What to make of it',
    'insight.best.title': 'Which variant is the best?',
    'insight.best.text':
        'The chance of each to be the best of all by “{metric}”, and what choosing it would cost on average if another one is better.',
    'insight.best.none': 'Too few data to say which variant is the best.',
    'insight.best.chance': 'Chance to be the best',
    'insight.best.loss': 'Expected loss',
    'insight.corrected.title': 'How much of it is luck?',
    'insight.corrected.text':
        '“{variant}” measures {measured}; likely it is {uplift} ({confidence}: {range}). A variant that was called looks better than it is, for the same reason that it was called: luck helped it over the bar. Expect the corrected figure.',
    'insight.outlook.title': 'Would more days help?',
    'insight.outlook.yes':
        'Yes: in {count} days “{variant}” has a chance of {better} to be called better, and of {worse} to be called worse.',
    'insight.outlook.maybe':
        'Perhaps: even in {count} days the chance of a clear answer for “{variant}” is {either} only.',
    'insight.outlook.no':
        'Hardly: even in {count} days the chance of a clear answer for “{variant}” is {either}. Either it changes little, or it takes many more visitors.',
    'insight.outlook.days': 'Days from now',
    'insight.outlook.units': 'Visitors then',
    'insight.outlook.better': 'Called better',
    'insight.outlook.worse': 'Called worse',
    'insight.outlook.minimum': 'If it has the minimum uplift',
    'insight.outlook.note':
        'Weighed over all effects that fit the data so far, at the traffic of the last weeks. A test that may be read at any time can call earlier, so its chances are somewhat higher.',
} as const;
