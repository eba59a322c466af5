// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says of events, totals, plans and proofs.
import type { Sentences } from '../../message';

export default {
    '"{text1}" is a conversion, but not 0 or 1': '„{text1}“ ist eine Konversion, aber nicht 0 oder 1',
    '"{text1}" is nobody\'s id: a word that stands where an id is missing':
        '„{text1}“ ist keines Besuchers Id: das Wort steht da, wo eine Id fehlt',
    'No metric of "{text1}" is computed yet.': 'Von „{text1}“ ist noch keine Metrik berechnet.',
    'There are more than {number1} visitors.': 'Es sind mehr als {number1} Besucher.',
    'There is no campaign "{text1}".': 'Es gibt keine Kampagne „{text1}“.',
    'a conversion is 0 or 1 and has no squares of its own':
        'Eine Konversion ist 0 oder 1 und hat keine eigenen Quadrate',
    'a conversion rate is between 0 and 1': 'Eine Konversionsrate liegt zwischen 0 und 1',
    'a mean needs its standard deviation, above 0': 'Ein Mittelwert braucht seine Standardabweichung, über 0',
    'a mean of 0 has none; say a difference': 'Ein Mittelwert von 0 hat keinen; bitte einen Unterschied angeben',
    'a mean or ratio cannot be had from totals: its interval takes what each visitor has of both parts':
        'Ein Mittelwert oder Verhältnis folgt nicht aus Summen: sein Intervall braucht beide Teile von jedem Besucher',
    'a rate has no spread of its own': 'Eine Rate hat keine eigene Streuung',
    'a rate of {number1} cannot become {number2}': 'Aus einer Rate von {number1} kann nicht {number2} werden',
    'a {text1} comes from a server, with a secret key of scope events':
        '{text1} kommt von einem Server, mit einem geheimen Schlüssel mit der Befugnis events',
    'an event must be an object': 'Ein Ereignis muss ein Objekt sein',
    'an uplift is given already': 'Ein Uplift ist schon angegeben',
    'an uplift or a difference is needed, or visitors or days':
        'Nötig ist ein Uplift oder ein Unterschied, oder Besucher oder Tage',
    'are larger than 65536 bytes': 'Sind größer als 65.536 Bytes',
    'begins with import/, as the visitors of imports do: that takes a key of scope backfill':
        'Beginnt mit import/ wie die Besucher von Importen: dazu braucht es einen Schlüssel mit der Befugnis backfill',
    "by sent_at the sender's clock is off by more than a day: none of its times can be believed":
        'Nach sent_at geht die Uhr des Absenders um mehr als einen Tag falsch: keine seiner Zeiten ist glaubhaft',
    'confidence must be from 0.5 to 0.9999': 'confidence muss von 0,5 bis 0,9999 sein',
    'either a rate or a mean is needed': 'Nötig ist entweder eine Rate oder ein Mittelwert',
    'events cannot be stored at the moment; send them again, ids make that safe':
        'Ereignisse lassen sich gerade nicht speichern; bitte noch einmal senden, dank der Ids gefahrlos',
    'holds a lone surrogate': 'Enthält ein unvollständiges Zeichen (halbes Surrogatpaar)',
    'holds more than {number1} events': 'Enthält mehr als {number1} Ereignisse',
    'how many visitors come a day?': 'Wie viele Besucher kommen am Tag?',
    'id_time: the time inside the id is more than 7 days old': 'id_time: die Zeit in der Id ist mehr als 7 Tage alt',
    'id_time: the time inside the id lies in the future': 'id_time: die Zeit in der Id liegt in der Zukunft',
    'is missing': 'Fehlt',
    'is missing, and the campaign is measured by it': 'Fehlt, und die Kampagne wird daran gemessen',
    'is more than 2 days away from the time inside event_id':
        'Ist mehr als 2 Tage von der Zeit in der event_id entfernt',
    'is more than 7 days old': 'Ist mehr als 7 Tage alt',
    'is negative, and counts what happened': 'Ist negativ, und zählt doch, was geschah',
    'is no whole number, and counts what happened': 'Ist keine ganze Zahl, und zählt doch, was geschah',
    'is not known here yet': 'Ist hier noch nicht bekannt',
    'is of version 8, but not what is derived for this exposure':
        'Hat die Version 8, ist aber nicht, was sich für dieses „exposure“ ergibt',
    "is smaller than the sum's square over the visitors, so it is not the sum of what each of them has, squared":
        'Ist kleiner als das Quadrat der Summe durch die Besucher, also nicht die Summe der Quadrate der Einzelnen',
    'is smaller than the sum: squares of whole numbers are not':
        'Ist kleiner als die Summe: bei Quadraten ganzer Zahlen kann das nicht sein',
    'lies in the future': 'Liegt in der Zukunft',
    'more than {number1} units': 'Mehr als {number1} Besucher',
    'must be 1 to 256 bytes of printable text': 'Muss aus 1 bis 256 Bytes druckbarem Text bestehen',
    'must be a UUID': 'Muss eine UUID sein',
    'must be a UUID of version 7 or 4: others can be guessed, and come from a server, with a secret key':
        'Muss eine UUID der Version 7 oder 4 sein: andere lassen sich erraten und kommen von einem Server, mit einem geheimen Schlüssel',
    'must be a UUID of version 7, 4 or another of RFC 9562':
        'Muss eine UUID der Version 7, 4 oder eine andere nach RFC 9562 sein',
    'must be a UUID of version 7: those of version 8 are derived for exposures':
        'Muss eine UUID der Version 7 sein: die der Version 8 werden für „exposure“ abgeleitet',
    'must be a day, as 2024-01-31': 'Muss ein Tag sein, etwa 2024-01-31',
    'must be a number from -1e15 to 1e15 (an id of so many digits: as a text)':
        'Muss eine Zahl von -1e15 bis 1e15 sein (eine Id mit so vielen Ziffern: als Text)',
    'must be a number up to 1e12, or the text of one as in "7.50"':
        'Muss eine Zahl bis 1e12 sein, oder eine als Text wie "7.50"',
    'must be a number, or the text of one with a decimal point as in "7.50"':
        'Muss eine Zahl sein, oder eine als Text mit Dezimalpunkt wie "7.50"',
    'must be a string': 'Muss ein Text sein',
    'must be a text or a whole number': 'Muss ein Text oder eine ganze Zahl sein',
    'must be a text: as a number it is not whole, or not kept exactly':
        'Muss ein Text sein: als Zahl ist es nicht ganz, oder bleibt nicht genau',
    'must be a time with its offset, for example 2026-01-31T12:00:00Z, or the seconds or milliseconds since 1970':
        'Muss eine Zeit mit Zeitzone sein, etwa 2026-01-31T12:00:00Z, oder Sekunden oder Millisekunden seit 1970',
    'must be a whole number from 1': 'Muss eine ganze Zahl ab 1 sein',
    'must be an array of events': 'Muss eine Liste von Ereignissen sein',
    'must be an array of objects': 'Muss eine Liste von Objekten sein',
    'must be an object': 'Muss ein Objekt sein',
    'must be three letters as in ISO 4217': 'Muss aus drei Buchstaben bestehen, wie in ISO 4217',
    'must not be longer than 64 characters': 'Darf nicht länger als 64 Zeichen sein',
    'must not be negative': 'Darf nicht negativ sein',
    'must not be negative: a refund subtracts by itself':
        'Darf nicht negativ sein: eine Erstattung zieht von selbst ab',
    'must not be negative: what is given back is a refund':
        'Darf nicht negativ sein: was zurückgegeben wird, ist eine Erstattung',
    'must not be negative: what lowers a sum comes from a server, with a secret key':
        'Darf nicht negativ sein: was eine Summe senkt, kommt von einem Server, mit einem geheimen Schlüssel',
    'no campaign "{text1}" is running here, or was within seven days':
        'Hier läuft keine Kampagne „{text1}“, auch nicht in den letzten sieben Tagen',
    'no number of visitors that could be reached shows this': 'Keine erreichbare Zahl von Besuchern kann das zeigen',
    'nothing to be seen in 0': 'In 0 ist nichts zu sehen',
    'runs must be from 1 to {number1}': 'runs muss von 1 bis {number1} sein',
    'so few visitors show no effect whatever its size': 'So wenige Besucher zeigen keinen Effekt, wie groß er auch sei',
    'squares stand in all rows of a metric, or in none': 'Quadrate stehen in allen Zeilen einer Metrik oder in keiner',
    'the always-valid test has two': 'Das jederzeit gültige Verfahren hat zwei',
    'the body must be an event, an array of events, or {"events":[…]}':
        'Der Inhalt muss ein Ereignis, eine Liste von Ereignissen oder {"events":[…]} sein',
    'the bucket of this visitor belongs to another variant': 'Dieser Besucher ist einer anderen Variante zugeteilt',
    'the campaign has no such experience': 'Die Kampagne hat kein solches Erlebnis',
    'the campaign has no such variant': 'Die Kampagne hat keine solche Variante',
    'the campaign has no variant "{text1}"': 'Die Kampagne hat keine Variante „{text1}“',
    'the campaign is not measured by this metric': 'Die Kampagne wird nicht an dieser Metrik gemessen',
    'the newest phase of campaign "{text1}" is {number2}': 'Die neueste Phase der Kampagne „{text1}“ ist {number2}',
    'this visitor is not in the campaign: by coverage, layer or holdout':
        'Dieser Besucher ist nicht in der Kampagne: wegen Abdeckung, Ebene oder Holdout',
    'too many events are waiting; send them again in a moment':
        'Zu viele Ereignisse warten; bitte gleich noch einmal senden',
    'uplift must be above -1, at most 10': 'uplift muss über -1 liegen und darf höchstens 10 sein',
    'values of "{text1}" are too large': 'Werte von „{text1}“ sind zu groß',
    'variant "{text1}" has no row for the day {text2}: it needs one, with 0 visitors where nobody came':
        'Variante „{text1}“ hat keine Zeile für den Tag {text2}: es braucht eine, mit 0 Besuchern, wo niemand kam',
    'variant "{text1}" has the day {text2} a second time here':
        'Variante „{text1}“ hat den Tag {text2} hier ein zweites Mal',
    'visitors are given already': 'Besucher sind schon angegeben',
    '{number1} converted on this day, of {number2} visitors of "{text3}"':
        'An diesem Tag konvertierten {number1}, von {number2} Besuchern von „{text3}“',
    '{number1} had converted by this day, of {number2} visitors of "{text3}"':
        'Bis zu diesem Tag hatten {number1} konvertiert, von {number2} Besuchern von „{text3}“',
    '{number1} units are too few to be split at random': '{number1} Besucher sind zu wenige für eine zufällige Teilung',
} satisfies Partial<Sentences>;
