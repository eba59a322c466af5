// SPDX-License-Identifier: GPL-3.0-or-later
// German pages speak German: every message is translated, with the same holes, and holds no English.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { sourceRoot } from '../../http/lib/paths.mjs';

/* Words that are German too, names, and messages that are nothing but their holes. */
// prettier-ignore
const BOTH = new Set(['mete', 'English', 'Deutsch', 'Flags', 'System', 'Experiment', 'Rollout', 'Holdout', 'Name',
    'Status', 'Uplift', 'Text', 'JSON', 'Link', 'HTML', 'Bot', 'Tag Manager', 'Shopify', 'Shopware', 'WooCommerce',
    'Magento', 'npm', 'Website', 'Power', 'Client', 'Phase', 'Code', '2026-01-31', 'Moment {number}', 'Phase {phase}',
    '{status} ({count})', '{what}: {metrics}', '{metric}: {variant}',
    '{environment}: {role}']);
/* Function words of English that are none of German, outside of holes. */
// prettier-ignore
const WORDS = ['the', 'and', 'of', 'is', 'are', 'with', 'for', 'from', 'this', 'that', 'these', 'those', 'has', 'have',
    'your', 'you', 'it', 'its', 'been', 'by', 'no', 'or', 'which', 'does', 'there'];
const ENGLISH = new RegExp(`\\b(${WORDS.join('|')})\\b`, 'i');

const FILES = { en: 'web-ui/app/messages/en.ts', de: 'web-ui/app/messages/de.ts' };
const texts = {};

/* Messages by key; those with a number have a text for each of its forms. */
async function read(language) {
    const { build } = createRequire(join(sourceRoot, 'web-ui/package.json'))('esbuild');
    const entryPoints = [join(sourceRoot, FILES[language])];
    const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', write: false });
    const code = Buffer.from(outputFiles[0].contents).toString('base64');
    const { default: messages } = await import(`data:text/javascript;base64,${code}`);
    return new Map(
        Object.entries(messages).flatMap(([key, message]) =>
            typeof message === 'string'
                ? [[key, message]]
                : Object.entries(message).map(([form, text]) => [`${key}.${form}`, text]),
        ),
    );
}

before(async () => {
    for (const language of Object.keys(FILES)) texts[language] = await read(language);
});

const holesOf = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join();

test('each message there is has a German one', () => {
    assert.ok(texts.en.size > 1000);
    assert.deepEqual([...texts.de.keys()].sort(), [...texts.en.keys()].sort());
});

test('none is left in English', () => {
    const same = [...texts.de].filter(([key, text]) => texts.en.get(key) === text && !BOTH.has(text));
    assert.deepEqual(same, []);
    const english = [...texts.de].filter(([, text]) => ENGLISH.test(text.replace(/\{\w+\}/g, '')) && !BOTH.has(text));
    assert.deepEqual(english, []);
});

test('what is told of is told in both', () => {
    const differing = [...texts.de].filter(([key, text]) => holesOf(text) !== holesOf(texts.en.get(key)));
    assert.deepEqual(differing, []);
});
