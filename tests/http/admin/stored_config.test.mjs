// SPDX-License-Identifier: GPL-3.0-or-later
// What others wrote into the tables of the configuration, past all checks: nobody's process ends by it, who asks is
// answered, and edges go on deciding.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';

let server, pids;
const must = async (reply) => {
    const { status, text } = await reply;
    assert.ok(status < 300, `${status} ${text}`);
};
before(async () => {
    server = await startServer();
    const variants = ['a', 'b'].map((key, i) => ({ key, weight: 0.5, is_control: i === 0, flags: { cta: key } }));
    const metrics = [{ key: 'conversion_rate' }];
    await must(server.api('POST', '/flags', { key: 'cta', type: 'string', default: 'Go' }));
    await must(server.api('POST', '/flags', { key: 'odd', type: 'number', default: 1 }));
    await must(server.api('POST', '/layers', { key: 'odd' }));
    await must(server.api('POST', '/metrics', { key: 'odd', kind: 'mean', event: 'score', value: 'score' }));
    await must(server.api('POST', '/dimensions', { key: 'odd', name: 'Odd', source: 'odd', values: ['x'] }));
    for (const key of ['odd', 'runs'])
        await must(server.api('POST', '/campaigns', { key, kind: 'experiment', variants, metrics }));
    await must(server.api('POST', '/campaigns/runs/start', {}));
    const decides = async () => (await server.decide({ visitor_id: 'v' })).body?.decisions?.length === 1;
    await until(decides, 10_000, 'the campaign to run');
    pids = server.pids();
});
after(() => server?.stop());

const deep = (depth) => '['.repeat(depth) + ']'.repeat(depth);
/* Instead of the member of the document. */
const VALUES = ['1e400', '-1e400', '1e30', '9223372036854775808', 'null', '""', '"x"', '[]', '{}', 'true', deep(100)];
const PLACES = [
    ['flags', 'flag', "key = 'odd'", ['default', 'type', 'description']],
    ['layers', 'layer', "key = 'odd'", ['description']],
    ['metrics', 'metric', "key = 'odd'", ['cap', 'kind', 'value', 'window_hours', 'unit']],
    ['dimensions', 'dimension', "key = 'odd'", ['values', 'name']],
    ['campaigns', 'campaign', "key = 'odd'", ['coverage', 'variants', 'audience', 'schedule', 'metrics', 'priority']],
    ['environments', 'environment', "key = 'production'", ['unit_events', 'junk_ids', 'currency']],
];

const MOVES = { campaigns: ['start', 'pause', 'stop', 'archive'], environments: ['panic'] };

/* Everything there is to ask of one, changes last; 500 is an answer, too, if it is a sentence. */
async function askAll(path, key) {
    const one = `/${path}/${key}`;
    const asks = [
        ['GET', `/${path}`],
        ['GET', one],
        ['PATCH', `${one}?dry_run=true`, { name: 'other' }],
        ['POST', `/${path}?dry_run=true`, { key: 'fresh' }],
        ...(MOVES[path] ?? []).map((move) => ['POST', `${one}/${move}?dry_run=true`, {}]),
    ];
    const wrong = [];
    for (const [method, url, body] of asks) {
        const reply = await fetch(`${server.deskUrl}/api/v1${url}`, {
            method,
            headers: {
                authorization: `Bearer ${server.secretKey}`,
                ...(body && { 'content-type': 'application/json' }),
            },
            body: body && JSON.stringify(body),
        }).catch((error) => ({ status: 0, text: () => error.cause?.message ?? error.message }));
        const text = await reply.text();
        const isSaid = reply.status > 0 && (reply.status < 500 || JSON.parse(text).detail);
        if (!isSaid) wrong.push(`${method} ${url}: ${reply.status} ${text}`);
    }
    return wrong;
}

for (const [path, table, where, members] of PLACES)
    for (const member of members)
        test(`${path}: ${member}`, async () => {
            const was = server.psql(`select document::text from ${table} where ${where}`).replaceAll("'", "''");
            const key = /'(.*)'/.exec(where)[1];
            const wrong = [];
            for (const value of VALUES) {
                /* Some of it no snapshot can be made of: the database itself refuses that. */
                const refused = await server.psqlAside(`update ${table} set document =
                    jsonb_set(document, '{${member}}', '${value}') where ${where}`);
                if (!refused) wrong.push(...(await askAll(path, key)).map((what) => `${value}: ${what}`));
                assert.equal((await server.decide({ visitor_id: 'v' })).status, 200, 'edges decide');
            }
            server.psql(`update ${table} set document = '${was}' where ${where}`);
            assert.deepEqual(wrong, []);
            assert.deepEqual(server.pids(), pids, 'no process ended');
        });

test('and all is well again', async () => {
    for (const [path] of PLACES) assert.equal((await server.api('GET', `/${path}`)).status, 200);
    const { decisions } = (await server.decide({ visitor_id: 'v' })).body;
    assert.equal(decisions.length, 1);
});
