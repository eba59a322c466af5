// SPDX-License-Identifier: GPL-3.0-or-later
// How English is told from German, and all messages of both.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { sourceRoot } from '../../http/lib/paths.mjs';

/* Function words of English that are none of German, outside of holes. */
// prettier-ignore
const WORDS = ['the', 'and', 'of', 'is', 'are', 'with', 'for', 'from', 'this', 'that', 'these', 'those', 'has', 'have',
    'your', 'you', 'it', 'its', 'been', 'by', 'no', 'or', 'which', 'does', 'there', 'must', 'not', 'who',
    'other', 'to', 'be'];
const ENGLISH = new RegExp(`(?<![-_/.$\\w])(${WORDS.join('|')})(?![-_/.\\w])`, 'i');

/* Does a text that should be German hold a word that is English alone? Holes are not looked at. */
export const hasEnglish = (text) => ENGLISH.test(text.replace(/\{\w+\}/g, ''));

/* The module's exports, of a TypeScript file below web-ui. */
export async function loadScript(path) {
    const { build } = createRequire(join(sourceRoot, 'web-ui/package.json'))('esbuild');
    const entryPoints = [join(sourceRoot, 'web-ui', path)];
    const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', write: false });
    const code = Buffer.from(outputFiles[0].contents).toString('base64');
    return import(`data:text/javascript;base64,${code}`);
}

/* Messages by key; those with a number have a text for each of its forms. */
export async function readMessages(language) {
    const { default: messages } = await loadScript(`app/messages/${language}.ts`);
    return new Map(
        Object.entries(messages).flatMap(([key, message]) =>
            typeof message === 'string'
                ? [[key, message]]
                : Object.entries(message).map(([form, text]) => [`${key}.${form}`, text]),
        ),
    );
}

export const holesOf = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
