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

/* What is wrong with a reply's sentence; nothing where it is known, or no page asks for the path. */
export function unforeseen(path, { headers, body }) {
    const isProblem = headers['content-type']?.startsWith('application/problem+json');
    if (!isProblem || !body || !path.startsWith('/api/v1/')) return [];
    known ??= readSentences().map(patternOf);
    if (known.some((pattern) => pattern.test(body.detail))) return [];
    return [`"${body.detail}" is no sentence of web-ui/generated/sentences.d.ts: see tools/types/sentences.mjs`];
}
