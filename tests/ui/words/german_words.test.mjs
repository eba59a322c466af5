// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says in keys (reasons, states, warnings, kinds) has a message for each, read off its sources: a key
// without one would stand on a German page as it is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { sourceRoot } from '../../http/lib/paths.mjs';
import { loadScript, readMessages } from './german.mjs';

const read = (path) => readFileSync(join(sourceRoot, path), 'utf8');

/* The words in double or single quotes of the part of a source that 'pattern' finds. */
function quoted(path, pattern) {
    const part = pattern.exec(read(path))?.[1];
    assert.ok(part, `${path} has no ${pattern}`);
    return [...part.matchAll(/["']([\w.]+)["']/g)].map(([, word]) => word);
}

const REASONS = quoted('server/model/event/refusal.c', /refusal_keys\[REFUSAL_COUNT\] = \{(.*?)\};/s);
const OMISSIONS = ['bot', 'staff', 'forced', 'duplicate_order', 'unassigned'];
const METHODS = (name) =>
    quoted('web-ui/generated/results.d.ts', new RegExp(`export interface ${name} \\{.*?    method: (.*?);`, 's'));
const METRICS = [
    ...read('server/model/metric/metric_builtin.c').matchAll(/"\{\\"key\\":\\"(\w+)\\",\\"name\\":\\"(.*?)\\"/g),
];
const DIMENSIONS = [...read('sql/functions/config/dimension.sql').matchAll(/\{"key": "(\w+)", "name": "(.*?)"/g)];

/* [what, the keys there are, what the message of one is called] */
const KEYS = [
    ['reasons of refusals', REASONS, (key) => `refusals.reason.${key}`],
    ['what to do about refusals', REASONS, (key) => `refusals.why.${key}`],
    ['reasons of omissions', OMISSIONS, (key) => `refusals.reason.${key}`],
    ['what to do about omissions', OMISSIONS, (key) => `refusals.why.${key}`],
    [
        'warnings of methods',
        quoted('stats/core/result.c', /stats_warning_name\(.*?\{(.*?)\n\}/s),
        (key) => `results.warning.${key}`,
    ],
    [
        'warnings of results',
        quoted('server/results/document/results_judge.c', /(\{has_joint_alarm\(o\), "joint_srm"\}.*?)\};/s),
        (key) => `results.warning.${key}`,
    ],
    ['frequentist methods', METHODS('ResultsFrequentist'), (key) => `results.method.${key}`],
    ['Bayesian methods', METHODS('ResultsBayesian'), (key) => `results.method.${key}`],
    ['states of jobs', ['queued', 'running', 'done', 'failed', 'cancelled'], (key) => `jobs.state.${key}`],
    [
        'states of imports',
        quoted('sql/migrations/0001_config.sql', /check \(state in (\('sending'.*?\))/),
        (key) => `imports.state.${key}`,
    ],
    [
        'statuses of campaigns',
        ['draft', 'running', 'paused', 'stopped', 'archived'],
        (key) => `campaigns.status.${key}`,
    ],
    ['roles', quoted('server/model/admin/app_user.c', /roles\[\] = \{(.*?)\}/), (key) => `role.${key}`],
    ['metrics that come with an environment', METRICS.map(([, key]) => key), (key) => `metric.${key}`],
    ['what these measure', METRICS.map(([, key]) => key), (key) => `metric.${key}.text`],
    ['dimensions that come with one', DIMENSIONS.map(([, key]) => key), (key) => `results.dimension.${key}`],
    [
        'kinds of metrics',
        quoted('server/model/metric/metric_compile.c', /kind_rules\[\] = \{(.*?)\n\};/s).filter((word) =>
            /^[a-z]+$/.test(word),
        ),
        (key) => `metrics.kind.${key}`,
    ],
];
/* The same for the words within the server's sentences. */
const WORDS = [
    ['noun', [...read('server/api/resource/resource.c').matchAll(/\.noun = "(\w+)"/g)].map(([, noun]) => noun)],
    ['role', quoted('server/model/admin/access_key.c', /roles\[\] = \{(.*?)\}/)],
    [
        'move',
        [...read('server/model/campaign/campaign_move.c').matchAll(/\{CAMPAIGN_\w+, "(\w+)"/g)].map(([, move]) => move),
    ],
    ['method', quoted('server/model/campaign/campaign_statistics.c', /methods\[\] = \{(.*?)\}/)],
    ['json', quoted('server/base/json/json_read.c', /json_kind_name\(.*?\{(.*?)\n\}/s)],
    ['status', ['draft', 'running', 'paused', 'stopped', 'archived']],
];

let messages;
let words;
before(async () => {
    messages = await readMessages('de');
    ({ words } = await loadScript('app/messages/de/sentences.ts'));
});

for (const [what, keys, nameOf] of KEYS)
    test(`${what} have words`, () => {
        assert.ok(keys.length > 1, keys.join());
        assert.deepEqual(
            [...new Set(keys)].filter((key) => !messages.has(nameOf(key))),
            [],
        );
    });

for (const [table, keys] of WORDS)
    test(`each ${table} of a sentence has its German word`, () => {
        assert.ok(keys.length > 1, keys.join());
        assert.deepEqual(
            [...new Set(keys)].filter((key) => !words[table][key]),
            [],
        );
    });

test('the names that are translated are those that the server gives', () => {
    const known = read('web-ui/app/lib/builtIn.ts');
    for (const [, key, name] of [...METRICS, ...DIMENSIONS]) assert.ok(known.includes(`${key}: '${name}'`), key);
});
