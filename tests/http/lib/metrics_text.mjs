// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the text that Prometheus scrapes, as strictly as it does itself.
import assert from 'node:assert/strict';

const NAME = /^mete_[a-z_]+$/;
const SAMPLE = /^([a-z_]+)(?:\{(.*)\})? (-?[0-9.e+-]+|\+Inf|NaN)$/;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/gy;

function readLabels(text) {
    const labels = {};
    let end = 0;
    for (const [all, name, value] of (text ?? '').matchAll(LABEL)) {
        labels[name] = value;
        end += all.length;
    }
    assert.equal(end, (text ?? '').length, `labels: ${text}`);
    return labels;
}

/* Families by name: {type, help, samples: [{name, labels, value}]}. */
export function readMetrics(text) {
    const families = new Map();
    let family;
    for (const line of text.trimEnd().split('\n')) {
        const [, word, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
        if (word === 'HELP') {
            assert.match(name, NAME);
            assert.ok(!families.has(name), `${name} stands together`);
            families.set(name, (family = { name, help: rest, samples: [] }));
        } else if (word === 'TYPE') {
            assert.equal(name, family.name);
            family.type = rest;
        } else {
            const [, sample, labels, value] = SAMPLE.exec(line) ?? assert.fail(`a line of no form: ${line}`);
            const suffix = family.type === 'histogram' ? '(_bucket|_sum|_count)' : '';
            assert.match(sample, new RegExp(`^${family.name}${suffix}$`));
            family.samples.push({ name: sample, labels: readLabels(labels), value: Number(value) });
        }
    }
    return families;
}

const matches = (labels, wanted) => Object.entries(wanted).every(([key, value]) => labels[key] === value);

/* Sum of the samples of a name whose labels hold those wanted. */
export function total(families, name, wanted = {}) {
    const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
    assert.ok(family, `there is ${name}`);
    return family.samples
        .filter((sample) => sample.name === name && matches(sample.labels, wanted))
        .reduce((sum, { value }) => sum + value, 0);
}

export async function scrape(server) {
    const reply = await server.desk.request('GET', '/metrics', undefined, {
        key: server.settings.metrics_token ?? null,
    });
    assert.equal(reply.status, 200, reply.text);
    return readMetrics(reply.text);
}

/* The account of the events; fails when it does not come out even. */
export function account(families) {
    const of = (what) => total(families, `mete_events_${what}`);
    const found = {
        received: of('received_total'),
        acked: of('acked_total'),
        duplicate: of('duplicate_total'),
        rejected: of('rejected_total'),
        inFlight: of('in_flight'),
    };
    const { received, acked, duplicate, rejected, inFlight } = found;
    assert.equal(received, acked + duplicate + rejected + inFlight, JSON.stringify(found));
    return found;
}
