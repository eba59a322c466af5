// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says of conditions, patterns and metrics.
import type { Sentences } from '../../message';

export default {
    'a class holds a broken escape': 'eine Zeichenklasse enthält eine fehlerhafte Escape-Folge',
    'a class is not closed': 'eine Zeichenklasse ist nicht geschlossen',
    'a condition belongs here': 'Hier gehört eine Bedingung hin',
    'a condition holds at most {number1} values': 'Eine Bedingung hat höchstens {number1} Werte',
    'a condition is an object': 'Eine Bedingung ist ein Objekt',
    'a condition is nested at most {number1} levels deep': 'Eine Bedingung ist höchstens {number1} Ebenen tief',
    'a filter cannot step into an array': 'Ein Filter kann nicht in eine Liste hineinsehen',
    'a filter compares text, numbers, booleans and null only':
        'Ein Filter vergleicht nur Text, Zahlen, wahr oder falsch und null',
    'a filter knows $eq, $ne, $in, $nin, $gt, $gte, $lt, $lte, $exists, $not':
        'Ein Filter kennt $eq, $ne, $in, $nin, $gt, $gte, $lt, $lte, $exists und $not',
    'a group begins with an unknown mark': 'eine Gruppe beginnt mit einem unbekannten Zeichen',
    'a group is closed that was not opened': 'eine Gruppe wird geschlossen, die nicht geöffnet wurde',
    'a group is not closed': 'eine Gruppe ist nicht geschlossen',
    "a group's name is broken": 'der Name einer Gruppe ist fehlerhaft',
    "a group's name is missing": 'der Name einer Gruppe fehlt',
    'a list of conditions belongs here': 'Hier gehört eine Liste von Bedingungen hin',
    'a list of values belongs here': 'Hier gehört eine Liste von Werten hin',
    'a number or a string belongs here': 'Hier gehört eine Zahl oder ein Text hin',
    'a range in a class is out of order': 'ein Bereich in einer Zeichenklasse ist verkehrt herum',
    'a regular expression belongs here, as a string': 'Hier gehört ein regulärer Ausdruck als Text hin',
    'a repeat is larger than 65,535': 'eine Wiederholung ist größer als 65.535',
    "a repeat's numbers are out of order": 'die Zahlen einer Wiederholung sind verkehrt herum',
    'a version belongs here, as a string': 'Hier gehört eine Version als Text hin',
    'a whole number or a comparison belongs here': 'Hier gehört eine ganze Zahl oder ein Vergleich hin',
    'an array or object equals no other: write it without $eq':
        'Listen und Objekte werden ohne $eq verglichen: bitte ohne schreiben',
    'does not go with the kind {text1}': 'Passt nicht zur Art {kind1}',
    'half of a surrogate pair stands alone': 'ein Zeichen ist unvollständig (halbes Surrogatpaar)',
    'here stands the name of a field, or $and, $or, $nor or $not':
        'Hier steht der Name eines Feldes, oder $and, $or, $nor oder $not',
    'is required for the kind {text1}': 'Ist für die Art {kind1} nötig',
    'it ends in a backslash': 'er endet mit einem Backslash',
    'must be a dotted path, as value or items.quantity':
        'Muss ein Pfad mit Punkten sein, etwa value oder items.quantity',
    'must be at least {number1}': 'Muss mindestens {number1} sein',
    'not a usable regular expression: {text1}': 'Dieser reguläre Ausdruck lässt sich nicht verwenden',
    'not a valid regular expression: {text1}': 'Kein gültiger regulärer Ausdruck: {said1}',
    'NUL characters are not allowed': 'NUL-Zeichen sind nicht erlaubt',
    'of a built-in metric only the name can be changed': 'Bei einer eingebauten Metrik lässt sich nur der Name ändern',
    'operators and plain keys stand in one object': 'Operatoren und Feldnamen stehen in demselben Objekt',
    'string, number, boolean, array, object or null belongs here':
        'Hier gehört string, number, boolean, array, object oder null hin',
    'the name of a saved group belongs here': 'Hier gehört der Name einer gespeicherten Gruppe hin',
    'the pattern is longer than {number1} bytes': 'Das Muster ist länger als {number1} Bytes',
    'there is no group of that name': 'es gibt keine Gruppe dieses Namens',
    'there is no such operator': 'Diesen Operator gibt es nicht',
    'there is no value that could be money': 'Es gibt keinen Wert, der Geld sein könnte',
    'there is nothing to repeat': 'es gibt nichts zu wiederholen',
    'true or false belongs here': 'Hier gehört wahr oder falsch hin',
    'two groups have the same name': 'zwei Gruppen haben denselben Namen',
} satisfies Partial<Sentences>;
