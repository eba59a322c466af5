// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says is said in German: every sentence that was found in its sources, with its figures and names.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readSentences } from '../../http/lib/sentences.mjs';
import { hasEnglish, holesOf, loadScript } from './german.mjs';

/* What these name is a library's English: what matters of it is said without. */
const LIBRARY = new Set([
    'not a usable regular expression: {text1}',
    'not valid JSON: {text1} (line {number2}, column {number3})',
]);
/* An article that German does without. */
const ARTICLE = 'there is {text1} {text2} {text3} already';

/* What the server said, and how a German reads it. */
// prettier-ignore
const SAID = [
    ['is required', 'Bitte ausfüllen'],
    ['there is no variant blue', 'Es gibt keine Variante blue'],
    ['there is no variant there is no variant', 'Es gibt keine Variante there is no variant'],
    ['must be a whole number, not string', 'Muss eine ganze Zahl sein, nicht ein Text'],
    ['must be true or false, not null', 'Muss wahr oder falsch sein, nicht null'],
    ['must be between 0.5 and 1000', 'Muss zwischen 0,5 und 1.000 liegen'],
    ['must have 1 to 50 entries, not 0', 'Muss 1 bis 50 Einträge haben, nicht 0'],
    ['weights add up to 0.9, not to 1', 'Die Gewichte ergeben zusammen 0,9 statt 1'],
    ['cannot stop a campaign that is draft (possible: start, archive)',
        'Eine Kampagne im Status „Entwurf“ kann man nicht beenden (möglich: starten, archivieren)'],
    ['the role publisher is needed, this is viewer', 'Nötig ist die Rolle Herausgeber, dies ist Betrachter'],
    ['there is a flag cta already', 'Schon vorhanden: Flag cta'],
    ['there is an environment shop already', 'Schon vorhanden: Umgebung shop'],
    ['there is no metric clicks', 'Es gibt keine Metrik clicks'],
    ['there is no import 7', 'Nicht vorhanden: Import 7'],
    ['not a valid regular expression: a group is not closed',
        'Kein gültiger regulärer Ausdruck: eine Gruppe ist nicht geschlossen'],
    ['not a usable regular expression: lookbehind assertion is not fixed length (at 3)',
        'Dieser reguläre Ausdruck lässt sich nicht verwenden'],
    ['/rates/3/currency: "usd" is not a currency of ISO 4217, as EUR',
        '/rates/3/currency: „usd“ ist keine Währung nach ISO 4217 wie EUR'],
    ['"null" is nobody\'s id: a word that stands where an id is missing',
        '„null“ ist keines Besuchers Id: das Wort steht da, wo eine Id fehlt'],
    ['two of them are called a\nb', 'Zwei davon heißen a\nb'],
    ['a sentence that nobody wrote', null],
    ['', null],
];

let sentences;
let lib;

before(async () => {
    globalThis.localStorage = { getItem: () => 'de' };
    Object.defineProperty(globalThis, 'navigator', { value: { languages: ['de-DE'] }, configurable: true });
    globalThis.document = { documentElement: {} };
    ({ sentences } = await loadScript('app/messages/de/sentences.ts'));
    lib = await loadScript('../tests/ui/words/german_sentences.ts');
    await lib.startLanguage();
    await lib.startSentences();
});

test('each sentence there is has a German one, and no other has', () => {
    const known = readSentences();
    assert.ok(known.length > 300);
    assert.deepEqual(Object.keys(sentences).sort(), [...known].sort());
});

test('none is left in English', () => {
    const english = Object.entries(sentences).filter(([said, german]) => said === german || hasEnglish(german));
    assert.deepEqual(english, []);
});

test('each tells what the other tells', () => {
    const placesOf = (text) => holesOf(text).map((hole) => hole.replace(/\D/g, ''));
    const differing = Object.entries(sentences)
        .filter(([said]) => !LIBRARY.has(said) && said !== ARTICLE)
        .filter(([said, german]) => placesOf(said).sort().join() !== placesOf(german).sort().join());
    assert.deepEqual(differing, []);
    const numbers = (text) =>
        holesOf(text)
            .filter((hole) => hole.startsWith('{number'))
            .join();
    const bent = Object.entries(sentences).filter(
        ([said, german]) => !LIBRARY.has(said) && numbers(said) !== numbers(german),
    );
    assert.deepEqual(bent, []);
});

test('each is found again with something in its holes', () => {
    const fill = (text) => text.replace(/\{(\w+?)(\d)\}/g, (_, kind) => (kind === 'number' ? '1234.5' : 'ab_c'));
    const lost = Object.keys(sentences).filter((said) => lib.said(fill(said)) === null);
    assert.deepEqual(lost, []);
});

for (const [detail, german] of SAID)
    test(`"${detail}" is said in German`, () => assert.equal(lib.said(detail), german));
