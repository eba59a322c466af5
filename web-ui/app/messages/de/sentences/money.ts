// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says of currencies and their rates.
import type { Sentences } from '../../message';

export default {
    '"{text1}" is not a currency of ISO 4217, as EUR': '„{text1}“ ist keine Währung nach ISO 4217 wie EUR',
    '"{text1}" is not a currency of ISO 4217, as USD': '„{text1}“ ist keine Währung nach ISO 4217 wie USD',
    '"{text1}" is not a day as 2026-11-27': '„{text1}“ ist kein Tag wie 2026-11-27',
    '"{text1}" is not a number above zero, of at most {number2} digits before the point and behind it':
        '„{text1}“ ist keine Zahl über null mit höchstens {number2} Stellen vor und nach dem Punkt',
    'currency must be one of ISO 4217, as USD': 'currency muss eine Währung nach ISO 4217 sein wie USD',
    'is no text in UTF-8': 'Ist kein Text in UTF-8',
    'line {number1}: column {number2} has no currency in the first line':
        'Zeile {number1}: Spalte {number2} hat in der ersten Zeile keine Währung',
    'line {number1}: it has {number2} cells': 'Zeile {number1}: sie hat {number2} Zellen',
    'line {number1}: the columns should be day, currency and rate, or Date and a column a currency':
        'Zeile {number1}: die Spalten sollen day, currency und rate heißen, oder Date und je Währung eine Spalte',
    'line {number1}: {text2}': 'Zeile {number1}: {said2}',
    'rates are needed, or a file': 'Kurse sind nötig, oder eine Datei',
    'there is no rate of a currency in use': 'Für eine Währung, die vorkommt, gibt es keinen Kurs',
    "there is no rate of {text1}, the environment's currency, beside the others: nothing can be converted":
        'Für {text1}, die Währung der Umgebung, gibt es neben den anderen keinen Kurs: nichts kann umgerechnet werden',
    '{text1} has two rates on one day, the second in line {number2}':
        '{text1} hat zwei Kurse am selben Tag, den zweiten in Zeile {number2}',
    '{text1} lies in the future': '{text1} liegt in der Zukunft',
    '{text1} must be a day as 2026-11-27': '{text1} muss ein Tag sein wie 2026-11-27',
} satisfies Partial<Sentences>;
