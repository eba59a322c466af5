// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says to people, in the reader's language. It says it in English; its sentences are known
// (generated/sentences.d.ts), and each is found again by what stands between its holes.
import { currentLanguage, formatNumber, t } from './i18n';

type Words = Record<string, Record<string, string>>;
type Translation = { sentences: Record<string, string>; words: Words };

interface Pattern {
    pattern: RegExp;
    said: string;
    letters: number;
}

let words: Words = {};
let whole = new Map<string, string>();
let patterns: Pattern[] = [];

const HOLE = /\{(\w+?)(\d)\}/g;
const DECIMALS = 10;

function patternOf(sentence: string, said: string): Pattern {
    const parts = sentence.split(/(\{\w+\d\})/);
    const source = parts.map((part, i) => {
        if (i % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        return part.startsWith('{number') ? '(-?[\\d.]+(?:e[-+]?\\d+)?)' : '(.*?)';
    });
    const letters = parts.filter((_, i) => i % 2 === 0).join('').length;
    return { pattern: new RegExp(`^${source.join('')}$`, 's'), said, letters };
}

/* Loads the sentences of the reader's language; before this they are said as they come. */
export async function startSentences(): Promise<void> {
    if (currentLanguage() === 'en') return;
    const loaded: Translation = await import('../messages/de/sentences');
    const all = Object.entries(loaded.sentences);
    words = loaded.words;
    whole = new Map(all.filter(([sentence]) => !sentence.match(HOLE)));
    patterns = all.filter(([sentence]) => sentence.match(HOLE)).map(([sentence, said]) => patternOf(sentence, said));
    patterns.sort((a, b) => b.letters - a.letters);
}

/* A hole's value as its kind says: {text1} as it is, {number1} written as numbers are, {said1} a sentence, {role1} a
   word, or several, of the table of that name. */
function filled(kind: string, value: string): string {
    if (kind === 'text') return value;
    if (kind === 'number') return formatNumber(Number(value), DECIMALS);
    if (kind === 'said') return said(value) ?? value;
    return value
        .split(', ')
        .map((word) => words[kind]?.[word] ?? word)
        .join(', ');
}

/* What the server said, in the reader's language; null when nobody foresaw it. Its place may stand before it. */
export function said(detail: string): string | null {
    if (currentLanguage() === 'en') return detail;
    const [, place = '', sentence = ''] = /^(\/[^ ]*: )?(.*)$/s.exec(detail) ?? [];
    const same = whole.get(sentence);
    if (same !== undefined) return place + same;
    for (const { pattern, said: text } of patterns) {
        const values = pattern.exec(sentence);
        if (values) return place + text.replace(HOLE, (_, kind: string, at: number) => filled(kind, values[at] ?? ''));
    }
    return null;
}

/* The same of what was kept with an event: words of the database's own are quoted. */
export const saidOrQuoted = (detail: string): string => said(detail) ?? t('sentence.quoted', { detail });
