// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'sentence.quoted': 'Die Datenbank sagt: „{detail}“',

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
    'refusals.reason.unreadable': 'Unlesbare Anfrage',
    'refusals.why.unreadable':
        'Nicht gespeichert: eine ganze Anfrage mit Ereignissen, die nicht zu lesen ist, einmal gezählt. Die letzten sagen, was an ihr falsch ist.',
    'refusals.reason.origin': 'Seite nicht erlaubt',
    'refusals.why.origin':
        'Nicht gespeichert: eine ganze Anfrage einer Seite, deren Adresse nicht unter den Ursprüngen dieser Umgebung steht, einmal gezählt. Tragen Sie sie dort ein, wenn es Ihre Seite ist.',
    'refusals.reason.too_large': 'Anfrage zu groß',
    'refusals.why.too_large':
        'Nicht gespeichert: Eine ganze Anfrage ist größer, als der Server liest. Senden Sie weniger Ereignisse auf einmal.',
    'refusals.reason.media_type': 'Kein JSON',
    'refusals.why.media_type':
        'Nicht gespeichert: Eine ganze Anfrage sagt, sie sei weder application/json noch text/plain.',
    'refusals.reason.address_limit': 'Zu viele Anfragen',
    'refusals.why.address_limit':
        'Vorerst nicht gespeichert: Eine Adresse fragte zu oft, und soll noch einmal senden. Hinter einem Proxy gehört er in trusted_proxies.',
    'refusals.reason.key_limit': 'Zu viele Anfragen eines Schlüssels',
    'refusals.why.key_limit':
        'Vorerst nicht gespeichert: mehr Anfragen je Sekunde, als der Schlüssel hat; sie sollen noch einmal kommen.',
    'refusals.reason.quota': 'Menge des Tages verbraucht',
    'refusals.why.quota':
        'Bis Mitternacht UTC nicht gespeichert: Der Schlüssel hat die Ereignisse seines Tages gesendet. Die Grenze ist key_events_per_day.',
    'refusals.reason.busy': 'Zu viel auf einmal',
    'refusals.why.busy':
        'Vorerst nicht gespeichert: Es warteten zu viele Ereignisse. Sender senden noch einmal; dauert es an, fehlen Prozesse oder eine schnellere Datenbank.',
    'refusals.reason.unavailable': 'Kein Platz zum Speichern',
    'refusals.why.unavailable':
        'Vorerst nicht gespeichert: Weder Datenbank noch Zwischenspeicher nahmen es an. Sender senden noch einmal.',
    'refusals.reason.no_rate': 'Kein Kurs',
    'refusals.why.no_rate':
        'Gespeichert und gezählt, aber ohne sein Geld: Es ist in einer anderen Währung als {currency}, und für den Tag gibt es keinen Kurs. Tragen Sie unter „Währungen“ einen ein: Er heilt auch, was vorher kam.',
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

    'live.text':
        'Was in der letzten Stunde kam, das Letzte zuerst, bis zu 100 Ereignisse; alle zwei Sekunden wird neu nachgesehen. Jede Zeile sagt, was das Ereignis mit den Ergebnissen gemacht hat. Wo sehr viel kommt, geben Sie die ID eines Besuchers an: Dann verdecken andere nichts von ihm.',
    'live.visitor': 'Besucher-ID',
    'live.name': 'Ereignis',
    'live.uncounted': 'Nur was nicht zählt',
    'live.show': 'Zeigen',
    'live.list': 'Ereignisse',
    'live.empty': 'In der letzten Stunde kam nichts',
    'live.empty.text':
        'Sobald ein Ereignis ankommt, steht es hier. Ereignisse einer anderen Umgebung nicht: siehe die Auswahl oben.',
    'live.empty.filtered':
        'In der letzten Stunde kam nichts dieser Art. Nehmen Sie einen Filter weg, um mehr zu sehen.',
    'live.refused': 'abgelehnt',
    'live.timeline': 'Alles von diesem Besucher',

    'effect.metrics': '{what}: {metrics}',
    'effect.what.counted': 'zählt',
    'effect.what.exposed': 'von hier an zählt der Besucher',
    'effect.what.known': 'schon gesehen: Es ändert nichts',
    'effect.what.crossover': 'eine andere Variante als die erste: Der Besucher bleibt bei der ersten',
    'effect.what.before_exposure': 'zählt nicht: Es war, bevor der Besucher die Kampagne sah',
    'effect.what.after_phase': 'zählt nicht: Die Phase war vorbei',
    'effect.what.overflow': 'zählt nicht: Der Besucher hat mehr Ereignisse als ein Mensch',
    'effect.what.duplicate_order': 'zählt nicht: Die Bestellung war schon da',
    'effect.what.no_metric': 'keine Metrik der Kampagne besteht aus solchen Ereignissen',
    'effect.what.after_window': 'zählt nicht: außerhalb des Fensters nach dem ersten Sehen',
    'effect.what.filtered': 'zählt nicht: Der Filter der Metrik nimmt andere',
    'effect.what.no_amount': 'zählt als nichts: Was für den Betrag steht, ist keiner',
    'effect.what.no_rate': 'zählt ohne sein Geld: Für seine Währung gibt es keinen Kurs',
    'effect.unrated': 'sein Geld zählt nicht: Für {currency} gibt es an dem Tag keinen Kurs',
    'effect.why.pending': 'eben gekommen: Die Ergebnisse lesen es gleich',
    'effect.why.bot': 'in Ergebnissen ausgelassen: ein Bot',
    'effect.why.staff': 'in Ergebnissen ausgelassen: eigene Leute',
    'effect.why.forced': 'in Ergebnissen ausgelassen: eine erzwungene Variante',
    'effect.why.excluded': 'in Ergebnissen ausgelassen: Der Besucher wurde herausgenommen',
    'effect.why.unassigned': 'zählt nicht: Eine solche Kampagne, Phase und Variante gab es nie',
    'effect.why.after_phase': 'zählt nicht: Die Phase war vorbei',
    'effect.why.not_exposed': 'zählt für keine Kampagne: Der Besucher hat keine gesehen',
} as const;
