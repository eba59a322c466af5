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
    'insight.findings.title': 'Does it work the same for everybody?',
    'insight.findings.text':
        'By “{metric}”. One half of the visitors was searched for the group whose effect is furthest from the others’, by each dimension; the other half, which nobody has searched, says whether that is so.',
    'insight.findings.none': 'Nothing can be asked yet: no dimension has two groups with data enough in both halves.',
    'insight.findings.alike': 'Nothing was found: as far as these data tell, the effect is the same for all.',
    'insight.findings.sentence':
        '“{variant}” changes {dimension} “{value}” by {here}, and the others by {elsewhere} (p = {p}, corrected for all questions).',
    'insight.findings.value': 'Group',
    'insight.findings.here': 'Uplift there',
    'insight.findings.elsewhere': 'Uplift elsewhere',
    'insight.findings.p': 'p, corrected',
    'insight.findings.sure': 'How sure',
    'insight.findings.found': 'found',
    'insight.findings.hint': 'a hint',
    'insight.findings.nothing': 'nothing',
    'insight.findings.note':
        'Of what is called found, about {share} may be false. A hint is worth an experiment of its own, and no more. The figures are those of the second half, so that luck in the search is not in them.',
} as const;
