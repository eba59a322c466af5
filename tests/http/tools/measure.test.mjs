// SPDX-License-Identifier: GPL-3.0-or-later
// What tools/bench measures is what is served: the programs beside it answer as the server and `mete stats` do.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';
import { buildRoot, metePath } from '../lib/paths.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mete-measure-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (name, ...args) => execFileSync(join(buildRoot, 'tools', name), args, { encoding: 'utf8' });
const lines = (text) => text.trim().split('\n').map(JSON.parse);

/* What `mete stats` answers to a list of inputs. */
const stats = (method, inputs) =>
    JSON.parse(execFileSync(metePath(), ['stats', method], { input: JSON.stringify(inputs), encoding: 'utf8' }));

const variance = (n, sum, squares) => (squares - (sum * sum) / n) / (n - 1);
/* By kind: the method, its input from two arms, and its p-value and interval. Sums of x are in cents. */
const methods = {
    conversion: [
        'prop_diff',
        ([a, b]) => ({ x1: a.converted, n1: a.n, x2: b.converted, n2: b.n, conf: 0.95 }),
        (r) => [r.p_mn, ...r.ci_mn],
    ],
    mean: [
        'welch_t',
        ([a, b]) => ({
            n1: a.n,
            mean1: a.x / 100 / a.n,
            var1: variance(a.n, a.x / 100, a.xx / 1e4),
            n2: b.n,
            mean2: b.x / 100 / b.n,
            var2: variance(b.n, b.x / 100, b.xx / 1e4),
            conf: 0.95,
        }),
        (r) => [r.p_two_sided, ...r.ci],
    ],
    ratio: [
        'ratio_metric',
        (arms) => {
            const [a, b] = arms.map(({ n, x, xx, y, yy, xy }) => ({
                n,
                sum_m: x / 100,
                sum_d: y,
                sum_m2: xx / 1e4,
                sum_d2: yy,
                sum_md: xy / 100,
            }));
            return { a, b, conf: 0.95 };
        },
        (r) => [r.p_two_sided, ...r.ci],
    ],
};

test('stats_cost: the metrics it prints are answered as by mete stats', () => {
    const metrics = lines(run('stats_cost'));
    assert.equal(metrics.length, 100);
    for (const [kind, [method, input, answer]] of Object.entries(methods)) {
        const own = metrics.filter((metric) => metric.kind === kind);
        assert.ok(own.length >= 20, kind);
        const answers = stats(
            method,
            own.map(({ arms }) => input(arms)),
        ).map(answer);
        for (const [i, { p, interval }] of own.entries())
            for (const [j, value] of [p, ...interval].entries())
                assert.ok(Math.abs(value - answers[i][j]) <= 1e-6 * Math.abs(value) + 1e-12, `${kind} ${i}`);
    }
});

test('stats_cost: each round does the same work, and takes some time', () => {
    const rounds = lines(run('stats_cost', '2'));
    assert.equal(rounds.length, 2);
    assert.equal(rounds[0].checksum, rounds[1].checksum);
    for (const round of rounds)
        for (const kind of Object.keys(methods))
            assert.ok(round[kind].tests_us > 0 && round[kind].posteriors_us > 0, kind);
});

test('decide_cost: it decides as the edge does', async () => {
    const server = await startServer();
    try {
        const keys = ['a', 'b', 'c'];
        const variants = keys.map((key) => ({ key, weight: 1 / 3, is_control: key === 'a' }));
        const metrics = [{ key: 'conversion_rate', role: 'primary' }];
        const audience = { country: 'DE' };
        const campaign = { key: 'shop', name: 'Shop', kind: 'experiment', variants, audience, metrics };
        assert.equal((await server.api('POST', '/campaigns', campaign)).status, 201);
        assert.equal((await server.api('POST', '/campaigns/shop/start', {})).status, 200);
        const ask = async (question) => (await server.decide(question)).body.decisions[0];
        const isRunning = () => ask({ visitor_id: 'v', attributes: { country: 'DE' } });
        await until(isRunning, 10_000, 'the campaign to run');
        const questions = Array.from({ length: 60 }, (_, i) => ({
            visitor_id: `v${i}`,
            attributes: { country: i % 4 ? 'DE' : 'FR' },
        }));
        let sum = 0;
        for (const question of questions) sum += keys.indexOf((await ask(question))?.variant) + 1;
        assert.ok(sum > 45, 'those in Germany get something');
        writeFileSync(join(folder, 'document'), server.psql('select document from snapshot'));
        writeFileSync(join(folder, 'questions'), questions.map((q) => JSON.stringify(q)).join('\n'));
        const [cost] = lines(run('decide_cost', join(folder, 'document'), join(folder, 'questions'), '3'));
        assert.deepEqual([cost.decisions, cost.checksum], [3 * questions.length, 3 * sum]);
        assert.ok(cost.lowest_ns <= cost.decision_ns);
    } finally {
        await server.stop();
    }
});
