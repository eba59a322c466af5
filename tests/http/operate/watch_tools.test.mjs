// SPDX-License-Identifier: GPL-3.0-or-later
// The dashboard and the alert rules ask for what the server tells, and leave nothing of it out.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { scrape } from '../lib/metrics_text.mjs';
import { sourceRoot } from '../lib/paths.mjs';

const read = (name) => readFileSync(join(sourceRoot, 'tools/watch', name), 'utf8');
const dashboard = JSON.parse(read('grafana.json'));
const panels = dashboard.panels.filter(({ type }) => type !== 'row');

/* The expressions of the rules: what follows 'expr:', on the line or indented below it. */
const rules = [...read('alerts.yaml').matchAll(/- alert: (\w+)\n +expr: (?:\|\n((?: {10}.*\n)+)|(.*)\n)/g)].map(
    ([, name, block, line]) => ({ name, expression: block ?? line }),
);
const questions = [
    ...rules,
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ name: title, expression: expr }))),
];

let server;
let families;
before(async () => {
    server = await startServer();
    await server.decide({ visitor_id: 'v' });
    await server.events([{ event_id: uuidv7(), visitor_id: 'v', name: 'n' }, { name: 'of nobody' }]);
    families = await until(
        async () => [await scrape(server)].find((found) => found.has('mete_refused_events_today')),
        20_000,
        'the refused event to be counted',
    );
});
after(() => server?.stop());

const familyOf = (name) => families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
const namesIn = (expression) => [...new Set(expression.match(/\bmete_\w+/g) ?? [])];

/* Those asked for by value, and those grouped by. */
function labelsIn(expression) {
    const asked = [...expression.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label]) => label);
    const grouped = [...expression.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, list]) => list.split(/, */));
    return [...asked, ...grouped];
}

test('each expression names what exists', () => {
    assert.ok(rules.length >= 15 && questions.length - rules.length >= 40);
    assert.equal(rules.length, read('alerts.yaml').match(/- alert:/g).length);
    for (const { name, expression } of questions) {
        const names = namesIn(expression);
        assert.ok(names.length > 0 || /^up\{/.test(expression), `${name} asks for something`);
        for (const metric of names) assert.ok(familyOf(metric), `${name}: there is no ${metric}`);
        for (const metric of names) {
            assert.equal(/_bucket$/.test(metric), familyOf(metric).type === 'histogram', `${name}: ${metric}`);
        }
        const known = new Set([
            'instance',
            'job',
            ...names.flatMap((m) => familyOf(m).samples.flatMap(({ labels }) => Object.keys(labels))),
        ]);
        for (const label of labelsIn(expression)) assert.ok(known.has(label), `${name}: no label ${label} in ${names}`);
    }
});

test('counters are asked for their growth, gauges for their value', () => {
    for (const { name, expression } of questions) {
        for (const metric of namesIn(expression)) {
            const isGrowth = new RegExp(`(rate|increase)\\(${metric}[{[]`).test(expression);
            const isSummed = isGrowth || name === 'MeteEventsUnaccounted';
            if (familyOf(metric).type === 'gauge') assert.equal(isGrowth, false, `${name}: ${metric}`);
            else assert.ok(isSummed, `${name}: ${metric}`);
        }
    }
});

test('everything the server tells is asked for', () => {
    const asked = new Set(
        questions.flatMap(({ expression }) => namesIn(expression)).map((name) => familyOf(name)?.name),
    );
    assert.deepEqual(
        [...families.keys()].filter((name) => !asked.has(name)),
        [],
    );
});

test('routes and codes that are asked for are there', () => {
    const seen = (label) => new Set(families.get('mete_requests_total').samples.map(({ labels }) => labels[label]));
    for (const { expression } of questions) {
        for (const [, path] of expression.matchAll(/route="([^"]+)"/g)) assert.ok(seen('route').has(path), path);
    }
    const reasons = new Set(families.get('mete_events_rejected_total').samples.map(({ labels }) => labels.reason));
    for (const { expression } of questions) {
        for (const [, list] of expression.matchAll(/reason=~"([^"]+)"/g)) {
            for (const reason of list.split('|')) assert.ok(reasons.has(reason), reason);
        }
    }
});

test('panels have a place of their own', () => {
    const cells = new Set();
    for (const {
        id,
        gridPos: { x, y, w, h },
    } of dashboard.panels) {
        assert.ok(x >= 0 && x + w <= 24, `panel ${id}`);
        for (let row = y; row < y + h; row += 1) {
            for (let column = x; column < x + w; column += 1) {
                assert.ok(!cells.has(`${row} ${column}`), `panel ${id} covers another`);
                cells.add(`${row} ${column}`);
            }
        }
    }
    assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
});
