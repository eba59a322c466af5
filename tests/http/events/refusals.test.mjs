// SPDX-License-Identifier: GPL-3.0-or-later
// What is refused, and what is stored but left out of results, is counted by reason and name: in the reply, on the
// desk and in the metrics, however much of it comes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { scrape, total } from '../lib/metrics_text.mjs';
import { clientOfEach } from '../lib/edges.mjs';
import { raw, startServer, until, uuidv7, withinOneDay } from '../lib/harness.mjs';

const DAY = 86_400_000;
const now = Date.now();
const variants = ['a', 'b'].map((key) => ({ key, weight: 0.5, is_control: key === 'a' }));

let server;
let count = 0;
const event = (name, properties = {}, more = {}) => ({
    event_id: uuidv7(now),
    visitor_id: `v-${(count += 1)}`,
    name,
    ts: new Date(now).toISOString(),
    properties,
    ...more,
});
const shown = (more) => event('exposure', { campaign: 'c', phase: 1, variant: 'a', ...more });
const late = (name) => event(name, {}, { event_id: uuidv7(now - 9 * DAY), ts: undefined });

/* [what is sent with the public key, its reason, the name it is counted under] */
const REFUSED = [
    [event('purchase', { value: 10, currency: 'US' }), 'invalid', 'purchase'],
    [event('add_to_cart', { value: 10, currency: 'pound' }), 'invalid', 'add_to_cart'],
    [event('purchase', { value: '10,00' }), 'invalid', 'purchase'],
    [event('purchase', { value: 10, currency: '€' }), 'invalid', 'purchase'],
    [event('quiz', [], {}), 'invalid', 'quiz'],
    [event(''), 'invalid', ''],
    [event('x'.repeat(65)), 'invalid', ''],
    [{ name: 7 }, 'invalid', ''],
    [7, 'invalid', ''],
    [event('page_view', {}, { visitor_id: 'undefined' }), 'junk_id', 'page_view'],
    [late('quiz'), 'too_late', 'quiz'],
    [late('purchase'), 'too_late', 'purchase'],
    [event('quiz', {}, { event_id: uuidv7(now + 3 * DAY), ts: undefined }), 'wrong_clock', 'quiz'],
    [event('quiz', {}, { ts: new Date(now - 4 * DAY).toISOString() }), 'wrong_clock', 'quiz'],
    [shown({ campaign: 'gone' }), 'unknown_campaign', 'exposure'],
    [shown({ variant: 'gone' }), 'unknown_campaign', 'exposure'],
    [event('refund', { value: 1 }), 'server_only', 'refund'],
    [event('quiz', {}, { event_id: uuidv7(now).replace(/^(.{14})7/, '$11') }), 'server_only', 'quiz'],
];

const read = async (query = '') => (await server.api('GET', `/refusals${query}`)).body;
const countOf = ({ items }, reason, name) =>
    items.filter((item) => item.reason === reason && item.name === name).map((item) => item.event_count)[0] ?? 0;
const sum = ({ items }) => items.reduce((all, item) => all + item.event_count, 0);

async function api(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

before(async () => {
    server = await startServer({ edges: 2 });
    await api('POST', '/environments', { key: 'staging' });
    await api('POST', '/metrics', { key: 'rare', name: 'Rare', kind: 'conversion', event: 'measured' });
    const campaign = { key: 'c', kind: 'experiment', variants, metrics: [{ key: 'conversion_rate' }] };
    await api('POST', '/campaigns', campaign);
    await api('POST', '/campaigns/c/start');
    await until(
        async () => (await server.decide({ visitor_id: 'v' })).body.decisions.length === 1,
        10_000,
        'the campaign to run',
    );
});
after(() => server?.stop());

test('nothing was refused', async () => {
    const { days, items } = await read('?days=3');
    assert.deepEqual([days.length, items], [3, []]);
});

test('each kind is told, counted by reason and name, and shown with what was sent', async () => {
    const fine = event('page_view');
    const { body } = await server.events({ events: [...REFUSED.map(([one]) => one), fine] });
    assert.equal(body.accepted, 1);
    assert.deepEqual(
        body.rejected.map(({ index, reason }) => [index, reason]),
        REFUSED.map(([, reason], i) => [i, reason]),
    );
    await until(async () => sum(await read()) >= REFUSED.length, 10_000, 'all to be counted');
    const found = await read();
    const expected = new Map();
    for (const [, reason, name] of REFUSED)
        expected.set(`${reason} ${name}`, (expected.get(`${reason} ${name}`) ?? 0) + 1);
    assert.deepEqual(
        new Map(found.items.map((i) => [`${i.reason} ${i.name}`, i.event_count]).sort()),
        new Map([...expected].sort()),
    );
    for (const item of found.items) {
        assert.equal(item.is_stored, false);
        assert.equal(item.day_counts.at(-1) + item.day_counts.at(-2), item.event_count, 'midnight may lie between');
        assert.equal(item.day_counts.length, found.days.length);
        assert.ok(item.samples.length > 0, `${item.reason} ${item.name}`);
    }
    const [{ samples }] = found.items.filter((i) => i.reason === 'invalid' && i.name === 'add_to_cart');
    assert.match(samples[0].detail, /^\/properties\/currency: must be three letters as in ISO 4217$/);
    assert.equal(samples[0].visitor_id, REFUSED[1][0].visitor_id);
    assert.deepEqual(JSON.parse(samples[0].event), REFUSED[1][0]);
    assert.deepEqual((await read('?environment=staging')).items, [], 'environments are apart');
});

test('metrics: by reason, and by reason and name of the day', async () => {
    const families = await scrape(server);
    const reasons = new Set(REFUSED.map(([, reason]) => reason));
    for (const reason of reasons)
        assert.equal(
            total(families, 'mete_events_rejected_total', { reason }),
            REFUSED.filter((row) => row[1] === reason).length,
            reason,
        );
    const labels = { environment: 'production', reason: 'too_late', event: 'purchase' };
    assert.ok(total(families, 'mete_refused_events_today', labels) <= 2, 'fewer after midnight');
    assert.equal(total(families, 'mete_refused_events_today', { event: 'quiz' }), 0, 'a name of the sender’s');
    assert.ok(total(families, 'mete_refused_events_today', { event: '' }) > 0);
    await withinOneDay(async () => {
        const [{ event_count }] = (await read('?days=1')).items.filter(
            (item) => item.reason === 'too_late' && item.name === 'purchase',
        );
        assert.equal(total(await scrape(server), 'mete_refused_events_today', labels), event_count);
    });
});

test('samples hold no addresses, and no more than a person reads', async () => {
    const properties = { value: 'ten', mail: 'ada@example.com', text: 'ä'.repeat(5000) };
    await server.events([event('begin_checkout', properties, { visitor_id: 'ada@example.com' })]);
    const found = await until(
        async () => (await read()).items.find((i) => i.name === 'begin_checkout' && i.samples.length > 0),
        10_000,
        'the sample',
    );
    const [sample] = found.samples;
    assert.equal(sample.visitor_id, '(email)');
    assert.ok(!JSON.stringify(sample).includes('ada'), JSON.stringify(sample));
    assert.match(sample.event, /"mail":"\(email\)"/);
    assert.ok(Buffer.byteLength(sample.event) < 1100);
    await server.events([event('ada@example.com', { value: 1, currency: 'XXY' }, { visitor_id: 'null' })]);
    await until(async () => countOf(await read(), 'junk_id', '(email)') === 1, 10_000, 'it to be counted');
    assert.equal(server.psql("select count(*) from refusal where name like '%ada%'"), '0');
    const live = await until(
        async () => [await api('GET', '/live-events?name=ada%40example.com')].find(({ items }) => items.length > 0),
        10_000,
        'it to be found by the name that it came with',
    );
    assert.deepEqual(
        live.items.map((item) => item.name),
        ['(email)'],
    );
});

test('names without end: 50 a writer have a row, what metrics count always has', async () => {
    const wrong = (name) => event(name, {}, { visitor_id: '' });
    const clients = await clientOfEach(server);
    const send = async (i, names) => {
        const { body } = await clients[i % 2].request('POST', '/v1/events', names.map(wrong));
        assert.equal(body.rejected.length, names.length);
    };
    const first = sum(await read());
    for (const i of [0, 1]) await send(i, ['purchase', 'view_item']);
    await until(async () => sum(await read()) >= first + 4, 10_000, 'what is measured to have its rows');
    const before = sum(await read());
    for (let i = 0; i < 4; i++)
        await send(
            i,
            Array.from({ length: 500 }, (_, k) => `n${i * 500 + k}`),
        );
    await until(async () => sum(await read()) >= before + 2000, 10_000, 'all of them');
    await server.events([wrong('measured'), wrong('too_much')]);
    await until(async () => sum(await read()) >= before + 2002, 10_000, 'two more');
    const names = server.rows(`select writer, count(distinct name)::int as names from refusal group by writer, day`);
    for (const row of names) assert.ok(row.names <= 50 + 9, JSON.stringify(row));
    const own = server.rows(`select max(d.names)::int as names
        from (select writer, count(distinct name) as names from refusal
              where name <> '' and not is_measured_name(environment_id, name) group by writer, day) d
        group by d.writer`);
    assert.deepEqual(own, [{ names: 50 }, { names: 50 }], 'what is measured takes no place');
    for (const client of clients) client.close();
    const found = await read();
    assert.equal(sum(found), before + 2002, 'none is lost');
    assert.equal(countOf(found, 'invalid', 'measured'), 1);
    assert.ok(countOf(found, 'invalid', '') > 1800);
});

test('what cannot be stored waits', async () => {
    const before = countOf(await read(), 'junk_id', 'view_item');
    server.psql('alter table refusal rename to refusal_away');
    const { body } = await server.events([event('view_item', {}, { visitor_id: 'null' })]);
    assert.equal(body.rejected.length, 1);
    await until(() => server.log.includes('could not be counted'), 10_000, 'a try');
    server.psql('alter table refusal_away rename to refusal');
    await until(async () => countOf(await read(), 'junk_id', 'view_item') === before + 1, 20_000, 'the count');
});

test('whole requests that are refused are counted too', async () => {
    const send = (body, headers = {}) => server.edge.request('POST', '/v1/events', body, { headers });
    for (const body of [
        '{',
        '7',
        JSON.stringify({ events: Array(501).fill({}) }),
        JSON.stringify({ events: [], sent_at: 'soon' }),
    ])
        assert.ok([400, 413].includes((await send(body)).status), body.slice(0, 20));
    await until(async () => countOf(await read(), 'unreadable', '') === 3, 10_000, 'three requests');
    const allowed = await api('PATCH', '/environments/production', { allowed_origins: ['https://shop.example'] });
    assert.deepEqual(allowed.allowed_origins, ['https://shop.example']);
    const foreign = async () =>
        (await send(JSON.stringify(event('page_view')), { origin: 'https://other.example' })).status;
    await until(async () => (await foreign()) === 403, 10_000, 'the origins');
    const { samples } = await until(
        async () => (await read()).items.find((item) => item.reason === 'origin' && item.samples.length > 0),
        10_000,
        'the page',
    );
    assert.match(samples[0].detail, /not allowed for this origin: https:\/\/other\.example$/);
    const head = `POST /v1/events?key=${server.clientKey} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n`;
    const answer = await raw(
        server.edgeUrl,
        Buffer.from(`${head}Connection: close\r\nOrigin: https://no.\xff\xc3.text\r\n\r\n{}`, 'latin1'),
    );
    assert.match(answer, /^HTTP\/1.1 403 /);
    await until(
        async () =>
            (await read()).items.some((item) => item.samples.some((s) => s.detail.endsWith('https://no.??.text'))),
        10_000,
        'the origin that is no text',
    );
    await api('PATCH', '/environments/production', { allowed_origins: [] });
    await until(async () => (await foreign()) === 202, 10_000, 'no origins');
});

test('an edge that leaves stores what it counted', async () => {
    const before = countOf(await read(), 'junk_id', 'begin_checkout');
    const wrong = () => event('begin_checkout', {}, { visitor_id: 'undefined' });
    const all = await Promise.all(Array.from({ length: 10 }, () => server.events([wrong()])));
    for (const { body } of all) assert.equal(body.rejected.length, 1);
    await server.restart();
    assert.equal(countOf(await read(), 'junk_id', 'begin_checkout'), before + 10);
});

test('samples can be left away', async () => {
    const { items } = await read('?samples=0');
    assert.ok(items.length > 10 && items.every(({ samples }) => samples.length === 0));
    const reply = await server.api('GET', '/refusals?samples=7');
    assert.deepEqual([reply.status, reply.body.detail], [400, 'samples must be 0, or absent']);
});

test('wrong numbers of days are refused', async () => {
    for (const days of ['0', '91', '-1', 'x', '', '1.5']) {
        const reply = await server.api('GET', `/refusals?days=${days}`);
        assert.deepEqual([reply.status, reply.body.detail], [400, 'days must be a number from 1 to 90'], days);
    }
});
