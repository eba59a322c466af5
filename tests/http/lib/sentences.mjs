// SPDX-License-Identifier: GPL-3.0-or-later
// Holds every refusal of the desk under test against the sentences that were found in the server's sources: one that
// is not among them would reach a page untranslated.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceRoot } from './paths.mjs';

const FILE = join(sourceRoot, 'web-ui/generated/sentences.d.ts');

/* All sentences there are. */
export const readSentences = () =>
    [...readFileSync(FILE, 'utf8').matchAll(/^ {4}\| (".*")/gm)].map(([, text]) => JSON.parse(text));

const patternOf = (sentence) => {
    const parts = sentence.split(/\{\w+?\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*?')}$`, 's');
};

let known;

/* What pages show of a reply: why the desk refuses, and why events were refused, but the database's own words. */
function sentencesIn(path, { headers, body }) {
    const isProblem = headers['content-type']?.startsWith('application/problem+json');
    if (!body || !/^\/(api\/v1\/|v1\/events\b)/.test(path)) return [];
    if (isProblem) return [body.detail];
    const rejected = path.startsWith('/v1/events') && Array.isArray(body.rejected) ? body.rejected : [];
    return rejected.filter(({ reason }) => reason !== 'refused').map(({ detail }) => detail);
}

/* What is wrong with a reply's sentences; nothing where they are known. */
export function unforeseen(path, reply) {
    known ??= readSentences().map(patternOf);
    return sentencesIn(path, reply)
        .filter((sentence) => !known.some((pattern) => pattern.test(sentence)))
        .map((text) => `"${text}" is no sentence of web-ui/generated/sentences.d.ts: see tools/types/sentences.mjs`);
}
