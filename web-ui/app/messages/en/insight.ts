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
    'insight.corrected.better':
        '“{variant}” measures {measured}; likely it is {uplift} ({confidence}: {range}). A variant that was called better looks better than it is, for the same reason that it was called: luck helped it over the bar. Expect the corrected figure.',
    'insight.corrected.worse':
        '“{variant}” measures {measured}; likely it is {uplift} ({confidence}: {range}). A variant that was called worse looks worse than it is, for the same reason that it was called: bad luck helped it over the bar. Expect the corrected figure.',
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
        'By “{metric}”. One half of the visitors was searched for the group whose difference from the control (in points, not in percent of the control) is furthest from the others’, by each dimension; the other half, which nobody has searched, says whether that is so.',
    'insight.findings.none': 'Nothing can be asked yet: no dimension has two groups with data enough in both halves.',
    'insight.findings.alike':
        'Nothing was found: as far as these data tell, the difference in points is the same for all.',
    'insight.findings.sentence':
        'With {dimension} “{value}”, “{variant}” makes a difference of {here}, and of {elsewhere} with the others (p = {p}, corrected for all questions).',
    'insight.findings.value': 'Group',
    'insight.findings.here': 'Difference there',
    'insight.findings.elsewhere': 'Difference elsewhere',
    'insight.findings.p': 'p, corrected',
    'insight.findings.sure': 'How sure',
    'insight.findings.found': 'found',
    'insight.findings.hint': 'a hint',
    'insight.findings.nothing': 'nothing',
    'insight.findings.note':
        'Of what is called found, about {share} may be false, if this is read once, at the end. A hint is worth an experiment of its own, and no more. The figures are those of the second half, so that luck in the search is not in them.',
    'insight.stratified.title': 'And if both variants had the same mix of visitors?',
    'insight.stratified.text':
        'Chance gives one variant a few more phones, or a few more visitors who return. Here each group of a dimension counts in both variants as it does in all visitors together. Where this figure differs much from the measured one, the mix made the difference. The intervals hold for one look; the verdict does not rest on them.',
    'insight.stratified.dimension': 'Same mix by',
    'insight.stratified.measured': 'Uplift as measured',
    'insight.stratified.uplift': 'Uplift at the same mix',
    'insight.stratified.interval': '{confidence} interval',
    'insight.stratified.saved': 'Variance saved',
    'prove.title': 'Do the tests keep their promise here?',
    'prove.text':
        'The visitors of this campaign are dealt out by chance again and again, so that no difference is there to be found. A test that keeps its promise then finds one as seldom as it says.',
    'prove.start': 'Prove it',
    'prove.again': 'Prove it again',
    'prove.working': 'Being proved: {progress}',
    'prove.done': 'Proved on {date}: {runs} splits of {units} visitors.',
    'prove.verdict.calibrated': 'keeps its promise',
    'prove.verdict.too_many_false_calls': 'too many false alarms',
    'prove.verdict.too_few_false_calls': 'too careful',
    'prove.verdict.not_tested': 'too few data to prove',
    'prove.calls':
        'Of {runs} splits without any difference the test called {calls}: {rate} ({low} to {high}), where {promised} is promised.',
    'prove.even.x': 'p-value',
    'prove.even.label': 'How often each p-value came, for {metric}; even bars are right',
    'prove.even.text':
        'Where nothing is there to be found each p-value is as likely as any other. Bars at least as uneven as these come with p = {p} where all is right.',
    'prove.peek.x': 'False alarms when looked at again and again',
    'prove.peek.label': 'False alarms by rule, for {metric}: {rates}',
    'prove.peek.text': {
        one: 'With {count} look. The dashed line is what is promised.',
        other: 'With {count} looks, one after the other. The dashed line is what is promised: only a test made for looking again keeps it.',
    },
    'prove.rule.always_valid': 'Always valid',
    'prove.rule.p_value': 'p-value, read each time',
    'prove.rule.chance_to_win': 'Chance to win, each time',
} as const;
