// SPDX-License-Identifier: GPL-3.0-or-later
// German pages speak German: every message is translated, with the same holes, and holds no English.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { hasEnglish, holesOf, readMessages } from './german.mjs';

/* Words that are German too, names, and messages that are nothing but their holes. */
// prettier-ignore
const BOTH = new Set(['mete', 'English', 'Deutsch', 'Flags', 'System', 'Experiment', 'Rollout', 'Holdout', 'Name',
    'Status', 'Uplift', 'Text', 'JSON', 'Link', 'HTML', 'Bot', 'Tag Manager', 'Shopify', 'Shopware', 'WooCommerce',
    'Magento', 'npm', 'Website', 'Power', 'Client', 'Phase', 'Code', '2026-01-31', 'Moment {number}', 'Phase {phase}',
    '{status} ({count})', '{what}: {metrics}', '{metric}: {variant}', '{environment}: {role}']);
const texts = {};

before(async () => {
    for (const language of ['en', 'de']) texts[language] = await readMessages(language);
});

test('each message there is has a German one', () => {
    assert.ok(texts.en.size > 1000);
    assert.deepEqual([...texts.de.keys()].sort(), [...texts.en.keys()].sort());
});

test('none is left in English', () => {
    const same = [...texts.de].filter(([key, text]) => texts.en.get(key) === text && !BOTH.has(text));
    assert.deepEqual(same, []);
    const english = [...texts.de].filter(([, text]) => hasEnglish(text) && !BOTH.has(text));
    assert.deepEqual(english, []);
});

test('what is told of is told in both', () => {
    const differing = [...texts.de].filter(([key, text]) => holesOf(text).join() !== holesOf(texts.en.get(key)).join());
    assert.deepEqual(differing, []);
});
