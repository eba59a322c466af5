// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'currencies.text':
        'Geld in einer anderen Währung als {currency} wird zum Kurs seines UTC-Tages umgerechnet: dem neuesten, der höchstens {days} Tage alt ist. Ohne Kurs zählt eine Bestellung, ihr Geld aber nicht, bis es einen gibt: Ein später eingetragener Kurs heilt, was vorher kam.',
    'currencies.list': 'Währungen',
    'currencies.currency': 'Währung',
    'currencies.newest': 'Neuester Kurs',
    'currencies.last': 'Letzter Tag',
    'currencies.first': 'Erster Tag',
    'currencies.days': 'Tage',
    'currencies.visitors': 'Besucher, die sie nannten, 28 Tage',
    'currencies.none': 'kein Kurs',
    'currencies.old': 'zu alt für heute',
    'currencies.missing':
        'Besucher zahlten in Währungen ohne Kurs dieser Tage: {currencies}. Ihre Bestellungen zählen, ihr Geld nicht.',
    'currencies.converting': 'Kurse haben sich geändert: Die Ergebnisse werden neu berechnet.',
    'currencies.empty': 'Keine Kurse, und niemand braucht welche',
    'currencies.empty.text': 'Bisher kam alles Geld in {currency}.',
    'currencies.file': 'Kurse aus einer Datei',
    'currencies.file.text':
        'Die Euro-Referenzkurse der Europäischen Zentralbank, wie sie sind (eurofxref, als CSV oder XML, eines Tages oder aller Jahre), oder CSV mit den Spalten day, currency und rate.',
    'currencies.file.choose': 'Datei',
    'currencies.done': {
        one: '{count} Kurs wurde gelesen; neu oder geändert: {changed}.',
        other: '{count} Kurse wurden gelesen; neu oder geändert: {changed}.',
    },
    'currencies.unknown': {
        one: '{count} blieb weg: Seine Währung ist nicht in Gebrauch.',
        other: '{count} blieben weg: Ihre Währungen sind nicht in Gebrauch.',
    },
    'currencies.unused': {
        one: '{count} blieb weg: Sein Tag hat keinen Kurs Ihrer Währung.',
        other: '{count} blieben weg: Ihre Tage haben keinen Kurs Ihrer Währung.',
    },
    'currencies.one': 'Ein Kurs',
    'currencies.day': 'Tag (UTC)',
    'currencies.rate': 'Ein {currency} ist wert',
    'currencies.rate.hint': 'So viel der anderen Währung für einen {currency}.',
    'currencies.put': 'Eintragen',
    'currencies.delete': 'Die Kurse von {currency} löschen?',
    'currencies.delete.text':
        'Geld in dieser Währung zählt dann nicht mehr, auch in früheren Bestellungen, bis es wieder Kurse gibt.',
} as const;
