// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'refusals.title': 'Abgelehnt und ausgelassen',
    'refusals.text':
        'Was nicht gezählt hat, nach Grund und Ereignis. Eine rote Marke in der Navigation sagt, dass in den letzten 24 Stunden etwas dazukam, seit Sie diese Seite zuletzt geöffnet haben; Testbesucher, eigene Leute und Bots, die mit Absicht ausgelassen sind, setzen keine Marke.',
    'refusals.none': 'In diesen Tagen wurde nichts abgelehnt oder ausgelassen.',
    'refusals.reason': 'Warum',
    'refusals.event': 'Ereignis',
    'refusals.unnamed': 'ohne Namen, oder weitere Namen',
    'refusals.count': 'Ereignisse',
    'refusals.last': 'Zuletzt',
    'refusals.samples': 'Die letzten',
    'refusals.samples.show': 'Zeigen',
    'refusals.samples.live': 'Live ansehen',
    'refusals.mark': {
        one: '{count} neuer Grund, warum Ereignisse nicht zählen',
        other: '{count} neue Gründe, warum Ereignisse nicht zählen',
    },
    'refusals.reason.invalid': 'Ein Feld ist falsch',
    'refusals.why.invalid': 'Nicht gespeichert: Die letzten sagen, welches Feld, und wie es sein sollte.',
    'refusals.reason.junk_id': 'Niemandes Besucher-ID',
    'refusals.why.junk_id':
        'Nicht gespeichert: Wo die ID stehen sollte, steht ein Wort wie „undefined“. Senden Sie erst, wenn die ID bekannt ist.',
    'refusals.reason.foreign_currency': 'Andere Währung',
    'refusals.why.foreign_currency':
        'Nicht gespeichert: Die Beträge sind nicht in der Währung dieser Umgebung, {currency}, und es gibt keinen Kurs für sie. Senden Sie Beträge in {currency}.',
    'refusals.reason.too_late': 'Zu spät',
    'refusals.why.too_late':
        'Nicht gespeichert: Es ist mehr als sieben Tage alt. Ältere brauchen einen Schlüssel mit dem Recht backfill.',
    'refusals.reason.wrong_clock': 'Unmögliche Zeit',
    'refusals.why.wrong_clock':
        'Nicht gespeichert: Die Zeit liegt in der Zukunft, oder weit von der Zeit in der ID. Sehen Sie nach der Uhr des Senders.',
    'refusals.reason.unknown_campaign': 'Unbekannte Kampagne',
    'refusals.why.unknown_campaign':
        'Nicht gespeichert: „exposure“ nennt eine Kampagne, Phase oder Variante, die es nicht gibt.',
    'refusals.reason.not_allotted': 'Nicht für diesen Besucher',
    'refusals.why.not_allotted': 'Nicht gespeichert: „exposure“ nennt eine Variante, die der Besucher nicht bekommt.',
    'refusals.reason.server_only': 'Nur für Server',
    'refusals.why.server_only':
        'Nicht gespeichert: Es kam mit dem öffentlichen Schlüssel, darf aber nur von einem Server kommen, mit einem geheimen.',
    'refusals.reason.refused': 'Von der Datenbank abgelehnt',
    'refusals.why.refused': 'Nicht gespeichert: Die letzten sagen, nach welcher Regel.',
    'refusals.reason.bot': 'Bot',
    'refusals.why.bot': 'Gespeichert, aber in Ergebnissen ausgelassen: Ein Programm hat es getan.',
    'refusals.reason.staff': 'Eigene Leute',
    'refusals.why.staff': 'Gespeichert, aber in Ergebnissen ausgelassen: Eigene Leute haben es getan.',
    'refusals.reason.forced': 'Erzwungene Variante',
    'refusals.why.forced': 'Gespeichert, aber in Ergebnissen ausgelassen: Die Variante war erzwungen, zum Testen.',
    'refusals.reason.duplicate_order': 'Bestellung kam schon',
    'refusals.why.duplicate_order':
        'Gespeichert, aber eine Bestellung zählt einmal: Diese transaction_id gab es schon.',
    'refusals.reason.unassigned': 'Keine solche Variante',
    'refusals.why.unassigned':
        'Gespeichert, aber kein Ergebnis zählt es: Kampagne, Phase und Variante dieser Namen gab es nie.',
} as const;
