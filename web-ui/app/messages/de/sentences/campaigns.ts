// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says of campaigns, and of what they are made of.
import type { Sentences } from '../../message';

export default {
    'a built-in dimension cannot be archived': 'Eine eingebaute Dimension lässt sich nicht archivieren',
    'a built-in metric cannot be deleted': 'Eine eingebaute Metrik lässt sich nicht löschen',
    'a client key has no role but client': 'Ein Client-Schlüssel hat keine andere Rolle als client',
    'a client key has no scopes': 'Ein Client-Schlüssel hat keine Befugnisse',
    'a holdout has two variants: the control is kept out':
        'Ein Holdout hat zwei Varianten: die Kontrolle bleibt außen vor',
    'a holdout stands above all layers': 'Ein Holdout steht über allen Ebenen',
    'a list needs at least one value': 'Eine Liste braucht mindestens einen Wert',
    'a new user cannot be disabled': 'Ein neuer Benutzer kann nicht gesperrt sein',
    'a rollout has at least one variant': 'Ein Rollout hat mindestens eine Variante',
    'a started campaign is changed by a publisher or an admin':
        'Eine gestartete Kampagne ändern nur Herausgeber und Administratoren',
    'a started campaign stays in its layer: stop it first':
        'Eine gestartete Kampagne bleibt in ihrer Ebene: bitte erst beenden',
    'a test of method {text1} needs to know how many units it will take':
        'Das Verfahren {method1} muss wissen, wie viele Besucher der Test umfasst',
    'an archived campaign cannot be changed': 'Eine archivierte Kampagne lässt sich nicht ändern',
    'an archived campaign has no preview': 'Eine archivierte Kampagne hat keine Vorschau',
    'an experiment has at least two variants': 'Ein Experiment hat mindestens zwei Varianten',
    'an experiment needs a metric to be measured by': 'Ein Experiment braucht eine Metrik, an der es gemessen wird',
    'campaign {text1} has not been stopped': 'Die Kampagne {text1} ist noch nicht beendet',
    'campaign {text1} is in this layer': 'Die Kampagne {text1} ist in dieser Ebene',
    'campaign {text1} is measured by it': 'Die Kampagne {text1} wird daran gemessen',
    'campaign {text1} sets this flag': 'Die Kampagne {text1} setzt dieses Flag',
    'campaign {text1} was started, and its days are counted in this time zone':
        'Die Kampagne {text1} wurde gestartet, und ihre Tage zählen in dieser Zeitzone',
    'cannot be changed any more: the campaign was stopped': 'Lässt sich nicht mehr ändern: die Kampagne wurde beendet',
    'cannot {text1} a campaign that is {text2} (possible: {text3})':
        'Eine Kampagne im Status „{status2}“ kann man nicht {move1} (möglich: {move3})',
    'countries are any two letters': 'Länder sind zwei beliebige Buchstaben',
    'event handlers cannot be set': 'Event-Handler können nicht gesetzt werden',
    'follows from the days of the totals': 'Ergibt sich aus den Tagen der Summen',
    'has no meaning for {text1}': 'Hat bei {text1} keine Bedeutung',
    'how a campaign is judged was fixed when it started: stop it and start another to judge it otherwise':
        'Wie eine Kampagne beurteilt wird, steht seit dem Start fest: für ein anderes Verfahren bitte beenden und eine neue starten',
    'is needed for {text1}': 'Ist bei {text1} nötig',
    'is required: which variant won': 'Bitte angeben, welche Variante gewonnen hat',
    'is told when the campaign stops, or later': 'Wird angegeben, wenn die Kampagne endet, oder danach',
    'it takes a variant to run': 'Zum Laufen braucht es eine Variante',
    'it takes two variants to run': 'Zum Laufen braucht es zwei Varianten',
    'it was imported: its variants change nothing here, so there is nothing to ship':
        'Sie wurde importiert: ihre Varianten ändern hier nichts, also gibt es nichts auszuliefern',
    'it was shipped already, as {text1}': 'Sie wurde schon ausgeliefert, als {text1}',
    'layer {text1} has {number2} of its visitors free, {number3} are asked for':
        'In der Ebene {text1} ist ein Anteil von {number2} der Besucher frei, verlangt ist {number3}',
    'lies behind last_at': 'Liegt nach last_at',
    'must be a currency of ISO 4217, as EUR': 'Muss eine Währung nach ISO 4217 sein, etwa EUR',
    "must be a time zone's name, as Europe/Berlin": 'Muss der Name einer Zeitzone sein, etwa Europe/Berlin',
    'must be after the start': 'Muss nach dem Beginn liegen',
    'must be an e-mail address': 'Muss eine E-Mail-Adresse sein',
    'must be an origin, as https://shop.example': 'Muss ein Ursprung sein, etwa https://shop.example',
    'must be at most 100 per cent': 'Darf höchstens 100 Prozent sein',
    "must be of the flag's type {text1}, not {text2}": 'Muss zum Typ des Flags passen ({text1}), nicht {json2}',
    'must be the name of an attribute or property': 'Muss der Name eines Attributs oder einer Eigenschaft sein',
    'must begin with https://, http:// or a single /': 'Muss mit https://, http:// oder einem einzelnen / beginnen',
    'no dimension can be called all': 'Keine Dimension darf all heißen',
    'of a built-in dimension only the name can change':
        'Bei einer eingebauten Dimension lässt sich nur der Name ändern',
    'one variant must be the control': 'Eine Variante muss die Kontrolle sein',
    'only an experiment has a winner to ship': 'Nur ein Experiment hat einen Gewinner, der sich ausliefern lässt',
    'only client keys have the role client': 'Nur Client-Schlüssel haben die Rolle client',
    'scripts cannot be set as an address': 'Skripte können keine Adresse sein',
    'selects elements that load or run something; they can be changed only where the environment allows html (allows_html)':
        'Trifft Elemente, die etwas laden oder ausführen; sie lassen sich nur ändern, wo die Umgebung HTML erlaubt (allows_html)',
    'takes no fields': 'Hat keine Felder',
    'the campaign was imported as totals, without any of "{text1}"':
        'Die Kampagne wurde als Summen importiert, ohne „{text1}“',
    'the control cannot win: it is what others are compared with':
        'Die Kontrolle kann nicht gewinnen: mit ihr werden die anderen verglichen',
    'the import was taken back': 'Der Import wurde zurückgenommen',
    'the role {text1} cannot grant {text2}': 'Die Rolle {role1} kann {role2} nicht vergeben',
    'the share of a started campaign can grow only': 'Der Anteil einer gestarteten Kampagne kann nur wachsen',
    'the user is disabled': 'Der Benutzer ist gesperrt',
    'there are {number1} dimensions already: archive one first':
        'Es gibt schon {number1} Dimensionen: bitte erst eine archivieren',
    'there is a control before {text1}': 'Vor {text1} steht schon eine Kontrolle',
    'there is no campaign {text1}': 'Es gibt keine Kampagne {text1}',
    'there is no campaign {text1} with results': 'Es gibt keine Kampagne {text1} mit Ergebnissen',
    'there is no flag {text1}': 'Es gibt kein Flag {text1}',
    'there is no layer {text1}': 'Es gibt keine Ebene {text1}',
    'there is no metric {text1}': 'Es gibt keine Metrik {text1}',
    'there is no variant to show yet': 'Es gibt noch keine Variante zum Zeigen',
    'there is no variant {text1}': 'Es gibt keine Variante {text1}',
    'this is the last admin: make another one first':
        'Dies ist der letzte Administrator: bitte erst einen anderen bestimmen',
    'this is the last environment': 'Dies ist die letzte Umgebung',
    'two of them are called {text1}': 'Zwei davon heißen {text1}',
    'weights add up to {number1}, not to 1': 'Die Gewichte ergeben zusammen {number1} statt 1',
    '{text1} can be set only where the environment allows html (allows_html)':
        '{text1} lässt sich nur setzen, wo die Umgebung HTML erlaubt (allows_html)',
    '{text1} cannot be counted by selector': '{text1} lässt sich nicht über einen Selektor zählen',
    '{text1} is not allowed in this environment (allows_html)':
        '{text1} ist in dieser Umgebung nicht erlaubt (allows_html)',
    '{text1} stands there twice': '{text1} steht doppelt da',
} satisfies Partial<Sentences>;
