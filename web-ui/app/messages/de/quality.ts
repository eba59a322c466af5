// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'quality.period': 'Gezeigte Tage',
    'quality.days': { one: '{count} Tag', other: '{count} Tage' },
    'quality.empty': 'Kein Ereignis in diesen Tagen',
    'quality.empty.text':
        'Sobald eine Seite Ereignisse sendet, werden sie hier nach Namen gezählt: wie viele am Tag, und ob sie mitbringen, was Metriken brauchen.',
    'quality.names': 'Namen',
    'quality.byName': 'Ereignisse nach Namen',
    'quality.byName.text': 'Es sind Tage nach UTC. Die Balken jeder Zeile haben ihren eigenen Maßstab.',
    'quality.name': 'Name',
    'quality.other': 'andere',
    'quality.other.text':
        '„andere“ sind die Ereignisse von Namen, für die kein Platz ist. So viele Namen kommen meist von einer Seite, die wechselnde Wörter hineinschreibt.',
    'quality.course': 'Nach Tagen',
    'quality.course.label': '{name}: die meisten am {day} ({most}), heute {today}',
    'quality.events': 'Ereignisse',
    'quality.perDay': 'Am Tag',
    'quality.value': 'Mit Wert',
    'quality.currency': 'Mit Währung',
    'quality.unassigned': 'Ohne Entscheidung',
    'quality.unassigned.text': {
        one: '{count} Ereignis „exposure“ nennt eine Kampagne oder Variante, die es nie gab: Kein Ergebnis zählt es.',
        other: '{count} Ereignisse „exposure“ nennen eine Kampagne oder Variante, die es nie gab: Kein Ergebnis zählt sie.',
    },
    'quality.last': 'Zuletzt',
} as const;
