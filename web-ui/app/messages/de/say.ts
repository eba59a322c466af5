// SPDX-License-Identifier: GPL-3.0-or-later
// What results say, a sentence for each rule of theirs, and the metrics that come with an environment.
export default {
    'say.no_control': 'Es gibt keine Kontrolle zum Vergleich; über eine Wirkung lässt sich nichts sagen.',
    'say.srm':
        'Die Größen der Varianten passen nicht zu ihren Gewichten (p {p}): In einer gehen Besucher verloren oder kommen hinzu. Bitte keinem Vergleich glauben, bis die Ursache gefunden ist.',
    'say.no_goal': 'Es wird keine Metrik gemessen, die entscheiden könnte: Bitte der Kampagne ein Ziel geben.',
    'say.computing': 'Die Ergebnisse werden noch aus früheren Ereignissen berechnet: Bitte gleich noch einmal schauen.',
    'say.twyman':
        '„{variant}“ ändert „{metric}“ mehr, als echte Änderungen es meist tun{uplift}: Bitte prüfen, ob Ereignisse in allen Varianten gleich gezählt werden.',
    'say.guardrail_harmed': '„{variant}“ schadet „{metric}“, das geschützt werden sollte: beenden.',
    'say.interaction':
        '{what} Bitte nicht nach dem Mittel entscheiden: zuerst eine der beiden beenden oder über beide zusammen entscheiden.',
    'say.novelty':
        '„{variant}“ liegt vorn, aber die Wirkung schrumpft von Tag zu Tag, wie es ist, wenn Leute nur auf etwas Neues reagieren: weiterlaufen lassen, bis sie gleich bleibt.',
    'say.few_conversions': {
        one: 'Eine Variante hat erst eine Konversion: Unter 25 in jeder kann jeder Unterschied noch Zufall sein.',
        other: 'Eine Variante hat erst {count} Konversionen: Unter 25 in jeder kann jeder Unterschied noch Zufall sein.',
    },
    'say.no_visitors': 'Noch ist ihr kein Besucher begegnet.',
    'say.short_of_a_week':
        'Sie läuft seit {days} Tagen: Eine volle Woche abwarten, denn am Wochenende kaufen Besucher anders als an Werktagen.',
    'say.mixed_goals': '„{variant}“ verbessert ein Ziel und schadet einem anderen: Bitte entscheiden, welches zählt.',
    'say.guardrail_open':
        '„{variant}“ gewinnt, kann aber noch mehr von „{metric}“ kosten, als Sie hinnehmen: weiterlaufen lassen, bis das klar ist.',
    'say.winner': '„{variant}“ ist besser bei „{metric}“{uplift}: einführen.',
    'say.loser': '„{variant}“ ist schlechter bei „{metric}“{uplift}: beenden und die Kontrolle behalten.',
    'say.loser.all':
        'Alle Varianten sind schlechter als die Kontrolle bei „{metric}“: beenden und die Kontrolle behalten.',
    'say.ended_early':
        'Sie endete mit {units} von {needed} Besuchern, ohne dass etwas entschieden ist: Für eine Steigerung von {minimum} sind das zu wenige; es zeigt weder eine Wirkung noch, dass es keine gibt.',
    'say.repeated_units':
        'Die Besucher sind die jedes Tages: Wer an mehreren kam, ist in jedem enthalten. Tage ergeben zusammen keine Besucherzahl, es gibt kein Intervall, und nichts lässt sich entscheiden.',
    'say.no_spread':
        'Von {metric} sind nur Summen bekannt, nicht ihre Quadrate: Wie sehr sich Besucher unterscheiden, lässt sich nicht sagen. Daher gibt es kein Intervall, und nichts lässt sich entscheiden.',
    'say.underpowered': {
        one: 'Noch ist nichts entschieden: {units} von {needed} Besuchern sind da; bei diesem Tempo kommen die übrigen in einem Tag. Weiterlaufen lassen.',
        other: 'Noch ist nichts entschieden: {units} von {needed} Besuchern sind da; bei diesem Tempo kommen die übrigen in {count} Tagen. Weiterlaufen lassen.',
    },
    'say.underpowered.open':
        'Noch ist nichts entschieden: {units} von {needed} Besuchern sind da. Weiterlaufen lassen.',
    'say.no_effect':
        'Alle nötigen Besucher sind da, und eine Wirkung auf „{metric}“ wurde nicht gefunden: beenden; eine Steigerung von {minimum} oder mehr ist unwahrscheinlich.',
    'say.undecided':
        'Noch ist nichts entschieden, und es ist zu wenig bekannt, um zu sagen, wann. Weiterlaufen lassen.',
    'say.joint_srm':
        'Welche Variante der Kampagne „{campaign}“ Besucher bekommen, hängt von ihrer Variante hier ab: Die beiden sind nicht unabhängig zugeteilt, jede zählt etwas von der Wirkung der anderen.',
    'say.works_differently':
        '„{variant}“ wirkt auf „{metric}“ bei Besuchern, die auch „{other}“ der Kampagne „{campaign}“ bekommen{with}, anders als bei denen, die deren Kontrolle bekommen{without}.',
    'say.outlier':
        'Ein einzelner Besucher von „{variant}“ hat {largest} bei „{metric}“, {share} von allem in dieser Variante: Bitte mit dem gekappten Ergebnis vergleichen und herausfinden, ob es diesen Besucher wirklich gibt.',
    'metric.conversion_rate': 'Konversionsrate',
    'metric.revenue_per_visitor': 'Umsatz pro Besucher',
    'metric.average_order_value': 'Durchschnittlicher Bestellwert',
    'metric.items_per_order': 'Artikel pro Bestellung',
    'metric.add_to_basket_rate': 'Rate „In den Warenkorb“',
    'metric.conversion_rate.text': 'Besucher, die kauften',
    'metric.add_to_basket_rate.text': 'Besucher, die etwas in den Warenkorb legten',
    'metric.average_order_value.text': 'Umsatz je Bestellung',
    'metric.revenue_per_visitor.text': 'Umsatz über alle Besucher, auch über die, die nichts kauften',
    'metric.items_per_order.text': 'Stück je Bestellung',
} as const;
