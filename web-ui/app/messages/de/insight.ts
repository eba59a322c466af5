// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'insight.title': 'Was davon zu halten ist',
    'insight.best.title': 'Welche Variante ist die beste?',
    'insight.best.text':
        'Die Chance jeder Variante, nach „{metric}“ die beste von allen zu sein, und was die Wahl im Mittel kostet, falls eine andere besser ist.',
    'insight.best.none': 'Zu wenige Daten, um zu sagen, welche Variante die beste ist.',
    'insight.best.chance': 'Chance, die beste zu sein',
    'insight.best.loss': 'Erwarteter Verlust',
    'insight.corrected.title': 'Wie viel davon ist Glück?',
    'insight.corrected.better':
        '„{variant}“ misst {measured}; wahrscheinlich sind es {uplift} ({confidence}: {range}). Eine Variante, die als besser ausgerufen wurde, sieht besser aus, als sie ist, aus demselben Grund, aus dem sie ausgerufen wurde: Glück half ihr über die Hürde. Rechnen Sie mit der berichtigten Zahl.',
    'insight.corrected.worse':
        '„{variant}“ misst {measured}; wahrscheinlich sind es {uplift} ({confidence}: {range}). Eine Variante, die als schlechter ausgerufen wurde, sieht schlechter aus, als sie ist, aus demselben Grund, aus dem sie ausgerufen wurde: Pech half ihr über die Hürde. Rechnen Sie mit der berichtigten Zahl.',
    'insight.outlook.title': 'Würden mehr Tage helfen?',
    'insight.outlook.yes':
        'Ja: in {count} Tagen wird „{variant}“ mit einer Chance von {better} als besser ausgerufen, mit {worse} als schlechter.',
    'insight.outlook.maybe':
        'Vielleicht: selbst in {count} Tagen ist die Chance auf eine klare Antwort für „{variant}“ nur {either}.',
    'insight.outlook.no':
        'Kaum: selbst in {count} Tagen ist die Chance auf eine klare Antwort für „{variant}“ {either}. Entweder ändert sie wenig, oder es braucht viel mehr Besucher.',
    'insight.outlook.days': 'Tage von heute an',
    'insight.outlook.units': 'Besucher bis dahin',
    'insight.outlook.better': 'Als besser ausgerufen',
    'insight.outlook.worse': 'Als schlechter ausgerufen',
    'insight.outlook.minimum': 'Falls sie den kleinsten gesuchten Effekt hat',
    'insight.outlook.note':
        'Gewichtet über alle Effekte, die zu den Daten bis heute passen, beim Verkehr der letzten Wochen. Ein Test, der jederzeit gelesen werden darf, kann früher rufen; seine Chancen sind also etwas höher.',
    'insight.findings.title': 'Wirkt es bei allen gleich?',
    'insight.findings.text':
        'Nach „{metric}“. In der einen Hälfte der Besucher wurde, nach jeder Dimension, die Gruppe gesucht, deren Unterschied zur Kontrolle (in Punkten, nicht in Prozent der Kontrolle) am weitesten von dem der anderen entfernt ist; die andere Hälfte, in der niemand gesucht hat, sagt, ob das stimmt.',
    'insight.findings.none':
        'Noch lässt sich nichts fragen: keine Dimension hat zwei Gruppen mit genügend Daten in beiden Hälften.',
    'insight.findings.alike':
        'Nichts gefunden: soweit diese Daten reichen, ist der Unterschied in Punkten für alle derselbe.',
    'insight.findings.sentence':
        'Bei {dimension} „{value}“ macht „{variant}“ einen Unterschied von {here}, bei den anderen von {elsewhere} (p = {p}, für alle Fragen berichtigt).',
    'insight.findings.value': 'Gruppe',
    'insight.findings.here': 'Unterschied dort',
    'insight.findings.elsewhere': 'Unterschied sonst',
    'insight.findings.p': 'p, berichtigt',
    'insight.findings.sure': 'Wie sicher',
    'insight.findings.found': 'gefunden',
    'insight.findings.hint': 'ein Hinweis',
    'insight.findings.nothing': 'nichts',
    'insight.findings.note':
        'Von dem, was gefunden heißt, darf etwa {share} falsch sein, wenn man es einmal liest, am Ende. Ein Hinweis ist ein eigenes Experiment wert und nicht mehr. Die Zahlen sind die der zweiten Hälfte, damit das Glück beim Suchen nicht in ihnen steckt.',
    'insight.stratified.title': 'Und wenn beide Varianten dieselbe Mischung von Besuchern hätten?',
    'insight.stratified.text':
        'Der Zufall gibt einer Variante ein paar Telefone mehr oder ein paar Wiederkehrer mehr. Hier zählt jede Gruppe einer Dimension in beiden Varianten so viel wie in allen Besuchern zusammen. Weicht diese Zahl stark von der gemessenen ab, machte die Mischung den Unterschied. Die Intervalle gelten für einmaliges Lesen; das Urteil stützt sich nicht auf sie.',
    'insight.stratified.dimension': 'Gleiche Mischung nach',
    'insight.stratified.measured': 'Gemessener Effekt',
    'insight.stratified.uplift': 'Effekt bei gleicher Mischung',
    'insight.stratified.interval': 'Intervall zu {confidence}',
    'insight.stratified.saved': 'Ersparte Varianz',
    'prove.title': 'Halten die Tests hier, was sie versprechen?',
    'prove.text':
        'Die Besucher dieser Kampagne werden immer wieder zufällig neu verteilt, sodass kein Unterschied zu finden ist. Ein Test, der hält, was er verspricht, findet dann nur so selten einen, wie er sagt.',
    'prove.start': 'Nachweisen',
    'prove.again': 'Noch einmal nachweisen',
    'prove.working': 'Wird nachgewiesen: {progress}',
    'prove.done': 'Nachgewiesen am {date}: {runs} Aufteilungen von {units} Besuchern.',
    'prove.verdict.calibrated': 'hält, was er verspricht',
    'prove.verdict.too_many_false_calls': 'zu viele Fehlalarme',
    'prove.verdict.too_few_false_calls': 'zu vorsichtig',
    'prove.verdict.not_tested': 'zu wenige Daten für den Nachweis',
    'prove.calls':
        'Von {runs} Aufteilungen ohne jeden Unterschied rief der Test bei {calls}: {rate} ({low} bis {high}), versprochen sind {promised}.',
    'prove.even.x': 'p-Wert',
    'prove.even.label': 'Wie oft jeder p-Wert kam, für {metric}; gleich hohe Balken sind richtig',
    'prove.even.text':
        'Wo nichts zu finden ist, ist jeder p-Wert so wahrscheinlich wie jeder andere. Mindestens so ungleiche Balken wie diese kommen mit p = {p} vor, wenn alles richtig ist.',
    'prove.peek.x': 'Fehlalarme bei wiederholtem Hinsehen',
    'prove.peek.label': 'Fehlalarme nach Regel, für {metric}: {rates}',
    'prove.peek.text': {
        one: 'Bei {count} Blick. Die gestrichelte Linie ist, was versprochen ist.',
        other: 'Bei {count} Blicken nacheinander. Die gestrichelte Linie ist, was versprochen ist: nur ein Test, der für wiederholtes Hinsehen gemacht ist, hält es ein.',
    },
    'prove.rule.always_valid': 'Jederzeit gültig',
    'prove.rule.p_value': 'p-Wert, jedes Mal gelesen',
    'prove.rule.chance_to_win': 'Siegchance, jedes Mal',
} as const;
