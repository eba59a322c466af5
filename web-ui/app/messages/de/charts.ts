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
} as const;
