// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says of requests, fields, keys and sign-ins.
import type { Sentences } from '../../message';

export default {
    'Content-Encoding: bodies may be coded as {text1}.': 'Content-Encoding: erlaubt sind {text1}.',
    'Content-Encoding: the body is not coded as it says, or ends too early.':
        'Content-Encoding: der Inhalt ist nicht so gepackt wie angegeben, oder endet zu früh.',
    'Content-Encoding: the body is too large when it is unpacked.':
        'Content-Encoding: entpackt ist der Inhalt zu groß.',
    'JSON holds more than {number1} values': 'Das JSON hat mehr als {number1} Werte',
    'JSON is larger than {number1} bytes': 'Das JSON ist größer als {number1} Bytes',
    'JSON is nested deeper than {number1}': 'Das JSON ist tiefer als {number1} Ebenen',
    'NUL characters are not allowed in JSON strings': 'NUL-Zeichen sind in JSON-Texten nicht erlaubt',
    'The body is too large.': 'Der Inhalt ist zu groß.',
    'The connection ended within a request.': 'Die Verbindung endete mitten in einer Anfrage.',
    'The request took too long to arrive.': 'Die Anfrage brauchte zu lange.',
    'There are too many connections; try again in a moment.':
        'Zu viele Verbindungen; bitte gleich noch einmal versuchen.',
    'There are too many large requests; try again in a moment.':
        'Zu viele große Anfragen; bitte gleich noch einmal versuchen.',
    'This port speaks TLS: ask it with https.': 'Dieser Port spricht TLS: bitte mit https ansprechen.',
    'a JSON object is needed as body': 'Der Inhalt muss ein JSON-Objekt sein',
    'a new e-mail address or password is needed': 'Nötig ist eine neue E-Mail-Adresse oder ein neues Passwort',
    'a number': 'eine Zahl',
    'a secret key must not stand in a URL: send it in a header':
        'Ein geheimer Schlüssel darf nicht in einer Adresse stehen: bitte im Header senden',
    'a secret key or a session is needed': 'Bitte anmelden: die Sitzung ist beendet',
    'a secret key sends events if it has the scope events (or backfill)':
        'Ein geheimer Schlüssel sendet Ereignisse, wenn er die Befugnis events (oder backfill) hat',
    'a string': 'ein Text',
    'a string holds a lone surrogate (\\u{text1})': 'Ein Text enthält ein unvollständiges Zeichen (\\u{text1})',
    "a visitor's id is 1 to 256 bytes of printable text":
        'Die Id eines Besuchers besteht aus 1 bis 256 Bytes druckbarem Text',
    'a whole number': 'eine ganze Zahl',
    'an array': 'eine Liste',
    'an object': 'ein Objekt',
    'application/json or text/plain': 'application/json oder text/plain',
    'baseline: the phase has no variant {text1}': 'baseline: die Phase hat keine Variante {text1}',
    'cannot be changed after creation': 'Lässt sich nach dem Anlegen nicht mehr ändern',
    'cannot be set: it is read-only': 'Lässt sich nicht setzen, nur lesen',
    'days must be a number from 1 to {number1}': 'days muss eine Zahl von 1 bis {number1} sein',
    'crossover must be true or false': 'crossover muss true oder false sein',
    'is empty': 'Ist leer',
    'is too long': 'Ist zu lang',
    'is not a field here': 'Dieses Feld gibt es hier nicht',
    'is of no known kind': 'Ist von keiner bekannten Art',
    'is required': 'Bitte ausfüllen',
    'is too large a number': 'Die Zahl ist zu groß',
    'it exists already': 'Das gibt es schon',
    'it was changed meanwhile: the version is now {number1}':
        'Inzwischen hat es jemand geändert: die Version ist jetzt {number1}',
    'it was changed meanwhile: try again': 'Inzwischen hat es jemand geändert: bitte noch einmal versuchen',
    'it was imported as totals a day: nothing is known of its visitors, so there are no segments, quantiles or lists of them':
        'Importiert wurden Tagessummen: von den Besuchern ist nichts bekannt, also gibt es keine Segmente, Quantile oder Listen',
    'lies ahead': 'Liegt in der Zukunft',
    'limit must be a number from 1 to {number1}': 'limit muss eine Zahl von 1 bis {number1} sein',
    'must be 1 to 256 bytes of UTF-8 without control characters':
        'Muss aus 1 bis 256 Bytes UTF-8 ohne Steuerzeichen bestehen',
    'must be 1 to 64 of a-z, 0-9, _ and -, beginning with a letter or digit':
        'Muss aus 1 bis 64 Zeichen a-z, 0-9, _ und - bestehen und mit Buchstabe oder Ziffer beginnen',
    'must be a time as 2026-01-31T12:00:00Z (RFC 3339)': 'Muss eine Zeit wie 2026-01-31T12:00:00Z sein (RFC 3339)',
    'must be a text': 'Muss ein Text sein',
    'must be a whole number': 'Muss eine ganze Zahl sein',
    'must be an object, not {text1}': 'Muss ein Objekt sein, nicht {json1}',
    'must be between {number1} and {number2}': 'Muss zwischen {number1} und {number2} liegen',
    'must be one of {text1}': 'Muss eines davon sein: {text1}',
    'must be {number1} to {number2} characters long': 'Muss {number1} bis {number2} Zeichen lang sein',
    'must be {text1}, not {text2}': 'Muss {said1} sein, nicht {json2}',
    'must have {number1} to {number2} entries, not {number3}':
        'Muss {number1} bis {number2} Einträge haben, nicht {number3}',
    'must not be null': 'Darf nicht null sein',
    'must not hold control characters': 'Darf keine Steuerzeichen enthalten',
    "name: an event's name is 1 to 64 characters of printable text":
        'name: der Name eines Ereignisses besteht aus 1 bis 64 druckbaren Zeichen',
    'nobody holds this key or session': 'Die Sitzung ist beendet, oder den Schlüssel gibt es nicht',
    'not valid JSON: {text1} (line {number2}, column {number3})':
        'Kein gültiges JSON (Zeile {number2}, Spalte {number3})',
    'others are changing it at the same time: try again':
        'Andere ändern es gerade gleichzeitig: bitte noch einmal versuchen',
    'phase must be a whole number from 1 to {number1}': 'phase muss eine ganze Zahl von 1 bis {number1} sein',
    'samples must be 0, or absent': 'samples muss 0 sein oder fehlen',
    'send a key: Authorization: Bearer KEY': 'Bitte einen Schlüssel senden: Authorization: Bearer KEY',
    'the body must be {text1}': 'Der Inhalt muss {said1} sein',
    'the campaign has no phase {number1}': 'Die Kampagne hat keine Phase {number1}',
    'the configuration cannot be read: try again':
        'Die Konfiguration lässt sich nicht lesen: bitte noch einmal versuchen',
    'the configuration has not been read yet': 'Die Konfiguration wurde noch nicht gelesen',
    'the database cannot be reached: try again': 'Die Datenbank ist nicht erreichbar: bitte noch einmal versuchen',
    'the database refused a statement': 'Die Datenbank lehnte eine Anweisung ab',
    'the desk is not known by this Host: name it in desk_hosts':
        'Unter diesem Namen ist die Oberfläche nicht bekannt: bitte in desk_hosts nennen',
    'the desk is stopping: try again': 'Der Server hält gerade an: bitte noch einmal versuchen',
    'the job has ended already': 'Der Auftrag ist schon zu Ende',
    'the job is over': 'Der Auftrag ist vorbei',
    'the job was cancelled': 'Der Auftrag wurde abgebrochen',
    'the key is not allowed for this origin': 'Der Schlüssel gilt nicht für diesen Ursprung',
    'the key is not allowed for this origin: {text1}': 'Der Schlüssel gilt nicht für diesen Ursprung: {text1}',
    'the key is not known': 'Der Schlüssel ist nicht bekannt',
    'the key may not do this': 'Der Schlüssel darf das nicht',
    'the parameter after is no cursor': 'Der Parameter after ist keine Fortsetzung',
    'the parameter after is not well formed': 'Der Parameter after ist nicht richtig geschrieben',
    'the parameter environment is not well formed': 'Der Parameter environment ist nicht richtig geschrieben',
    'the password that holds now is needed': 'Nötig ist das jetzige Passwort',
    'the path is not well formed': 'Der Pfad ist nicht richtig geschrieben',
    'the phase has no dimension {text1}': 'Die Phase hat keine Dimension {text1}',
    'the query cannot be read': 'Die Abfrage lässt sich nicht lesen',
    'the query holds a bad escape: key cannot be read':
        'Die Abfrage enthält eine fehlerhafte Escape-Folge: key lässt sich nicht lesen',
    'the request came from a page of another site': 'Die Anfrage kam von einer Seite einer anderen Website',
    'the role {text1} is needed, this is {text2}': 'Nötig ist die Rolle {role1}, dies ist {role2}',
    'there is no campaign with this key': 'Es gibt keine Kampagne mit diesem Schlüssel',
    'there is no environment yet: mete init makes one': 'Es gibt noch keine Umgebung: mete init legt eine an',
    'there is no such campaign': 'Diese Kampagne gibt es nicht',
    'there is no such environment': 'Diese Umgebung gibt es nicht',
    'there is no such job': 'Diesen Auftrag gibt es nicht',
    'there is no such session': 'Diese Sitzung gibt es nicht',
    'there is no {text1} {text2}': 'Nicht vorhanden: {noun1} {text2}',
    'there is nobody with this e-mail address and password': 'Diese E-Mail-Adresse mit diesem Passwort gibt es nicht',
    'there is nothing at this path': 'Unter dieser Adresse gibt es nichts',
    'there is nothing of this name': 'Es gibt nichts mit diesem Namen',
    'there is {text1} {text2} {text3} already': 'Schon vorhanden: {noun2} {text3}',
    'this is for people: a key has no session': 'Das ist für Menschen: ein Schlüssel hat keine Sitzung',
    'this is no link to results': 'Das ist kein Link zu Ergebnissen',
    'this is not the password that holds': 'Das ist nicht das jetzige Passwort',
    'this key belongs to another environment': 'Dieser Schlüssel gehört zu einer anderen Umgebung',
    'this key has sent its events of the day (UTC)': 'Dieser Schlüssel hat seine Ereignisse des Tages (UTC) gesendet',
    'this link shows nothing: it ended, or was revoked': 'Dieser Link zeigt nichts: er ist abgelaufen oder widerrufen',
    'this link was used already, is too old, or never was one: ask for a new one':
        'Dieser Link wurde schon benutzt, ist zu alt oder war nie einer: bitte um einen neuen bitten',
    'this path answers only {text1}': 'Diese Adresse beantwortet nur {text1}',
    'this request has no settings': 'Diese Anfrage hat keine Einstellungen',
    'this version knows no job of kind "{text1}"': 'Diese Version kennt keinen Auftrag der Art „{text1}“',
    'too many are signing in: try again in a moment':
        'Zu viele melden sich gerade an: bitte gleich noch einmal versuchen',
    'too many attempts to sign in to this account from this address':
        'Zu viele Anmeldeversuche an diesem Konto von dieser Adresse',
    'too many attempts to sign in: try again in a moment':
        'Zu viele Anmeldeversuche: bitte gleich noch einmal versuchen',
    'too many jobs wait: end some of them, or wait': 'Zu viele Aufträge warten: bitte einige beenden oder warten',
    'too many read by links: try again in a moment': 'Zu viele lesen über Links: bitte gleich noch einmal versuchen',
    'too many requests from this address': 'Zu viele Anfragen von dieser Adresse',
    'too many requests with this key': 'Zu viele Anfragen mit diesem Schlüssel',
    'too much is being computed: try again in a moment':
        'Es wird gerade zu viel gerechnet: bitte gleich noch einmal versuchen',
    'true or false': 'wahr oder falsch',
    'uncounted must be 1, or absent': 'uncounted muss 1 sein oder fehlen',
    "visitor: a visitor's id is 1 to 256 bytes of printable text":
        'visitor: die Id eines Besuchers besteht aus 1 bis 256 Bytes druckbarem Text',
    '{text1} must be the key of one': '{text1} muss der Schlüssel von einem sein',
    'the database has not answered for a while: try again':
        'Die Datenbank hat eine Weile nicht geantwortet: bitte noch einmal versuchen',
    'variant must be the key of one': 'variant muss der Schlüssel einer Variante sein',
    '{text1} must be {text2} or {text3}': '{text1} muss {text2} oder {text3} sein',
} satisfies Partial<Sentences>;
