// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'results.forest': 'Was die Varianten ändern',
    'results.forest.frequentist': 'Der Uplift jeder Metrik mit dem Intervall, das jederzeit gelesen werden darf.',
    'results.forest.bayesian': 'Der Uplift jeder Metrik mit ihrem Glaubwürdigkeitsintervall.',
    'results.forest.control': '{name}, womit alle verglichen werden',
    'results.forest.better': 'besser',
    'results.forest.worse': 'schlechter',
    'results.forest.open': 'noch nicht zu unterscheiden',
    'results.posterior.range': 'ein Standardfehler: {range}',
    'results.exposures': 'Neue Besucher je Tag',
    'results.exposures.label': 'Besucher, die jede Variante zuerst sahen, an jedem von {days} Tagen',
    'results.exposures.one': 'Alle kamen an einem Tag: Noch gibt es keinen Verlauf.',
    'results.since': 'Wirkung nach Tagen seit dem ersten Kontakt',
    'results.since.axis': 'Tage seit dem ersten Kontakt',
    'results.since.label': 'Unterschied in {metric} an jedem von {days} Tagen seit dem ersten Kontakt',
    'results.since.day': 'Tag {day}',
    'results.since.none': 'Erst wenn ein Tag seit dem ersten Kontakt vorbei ist, gibt es etwas zu zeigen.',
    'results.since.text':
        'Was Besucher in den ersten, zweiten, … 24 Stunden taten, seit sie ihre Variante sahen, abzüglich dessen, was die der Vergleichsvariante taten: Eine Wirkung, die nachlässt, schrumpft von Tag zu Tag. Jeder Tag wird für sich verglichen ({confidence}); unter vielen Tagen kann einer durch Zufall auffallen.',
    'results.since.share': 'Berechnet aus {share} der Besucher, ausgewählt nach einem Hash ihrer Kennungen.',
    'results.since.units': { one: '{count} Besucher', other: '{count} Besucher' },
} as const;
