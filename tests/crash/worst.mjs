// SPDX-License-Identifier: GPL-3.0-or-later
// What clients who mean harm find at a server: visitors of 676 countries whose attributes make patterns backtrack. And
// these clients, each a process of its own.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { headSql } from '../http/lib/fold_base.mjs';
import { until } from '../http/lib/harness.mjs';

export const KINDS = ['countries', 'patterns', 'arrays', 'waiting', 'idle', 'unread'];
const METRICS = ['conversion_rate', 'revenue_per_visitor', 'average_order_value', 'items_per_order'];
const VARIANTS = ['a', 'b', 'c'];
const VISITORS = 5_000;

async function must(reply) {
    const { status, text } = await reply;
    if (status >= 300) throw new Error(`${status} ${text}`);
    return reply;
}

/* Put into the table as the edges put them. */
const EVENTS = `select visitor_event_partition((now() at time zone 'UTC')::date);
    with own as (insert into writer default values returning id),
    stored as (insert into visitor_event
        (slice, visitor_id, event_id, day, environment_id, name, ts, properties, writer, seq)
    select slice_of('v' || i), 'v' || i, gen_random_uuid(), (now() at time zone 'UTC')::date, 1, 'exposure', now(),
           jsonb_build_object('campaign', 'worst', 'phase', 1, 'text', repeat('a', 60) || '!',
                              'variant', (array['${VARIANTS.join("','")}'])[i % ${VARIANTS.length} + 1],
                              'country', chr(65 + (i / 26) % 26) || chr(65 + i % 26)), own.id, i + 1
    from own, generate_series(0, ${VISITORS - 1}) i
    returning slice, writer, seq) ${headSql('stored')}`;

export async function fill(server) {
    const audience = { country: 'DE' };
    const variants = VARIANTS.map((key, i) => ({ key, weight: 1 / VARIANTS.length, is_control: i === 0 }));
    const metrics = METRICS.map((key, i) => ({ key, role: i === 0 ? 'primary' : 'secondary' }));
    for (const key of ['worst', ...Array.from({ length: 20 }, (_, i) => `c${i}`)]) {
        const more = key === 'worst' ? { metrics } : { metrics: metrics.slice(0, 1), audience };
        await must(server.api('POST', '/campaigns', { key, kind: 'experiment', variants, ...more }));
        await must(server.api('POST', `/campaigns/${key}/start`, {}));
    }
    server.psql(EVENTS);
    const counted = async () =>
        (await server.api('GET', '/campaigns/worst/results')).body.variants.reduce((sum, { units }) => sum + units, 0);
    await until(async () => (await counted()) === VISITORS, 120_000, 'all visitors to be counted');
}

/* Somebody who signs in by a password: {email, password}. */
export async function makePerson(server) {
    const person = { email: 'ann@shop.example', password: 'correct horse battery' };
    const { body } = await must(server.api('POST', '/users', { email: person.email, role: 'publisher' }));
    const { headers } = await server.desk.request('POST', body.link, undefined, { key: null });
    const cookie = headers['set-cookie'][0].split(';')[0];
    const options = { key: null, headers: { cookie, origin: server.deskUrl } };
    await must(server.desk.request('PATCH', '/api/v1/account', { password: person.password }, options));
    return person;
}

/* Begins to do its worst; resolves with a function that ends it. It leaves the processors to the server, as it would
   from another machine. */
export async function attack(server, kind) {
    const script = fileURLToPath(new URL('worst_client.mjs', import.meta.url));
    const { edgeUrl, deskUrl, clientKey, secretKey } = server;
    const args = [
        '--pdeathsig',
        'KILL',
        'nice',
        '-n',
        '19',
        process.execPath,
        script,
        kind,
        edgeUrl,
        deskUrl,
        clientKey,
        secretKey,
    ];
    const child = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const left = new Promise((resolve) => child.on('exit', resolve));
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
    await until(() => said.includes('begun'), 120_000, `${kind} to begin`);
    return async () => {
        child.kill('SIGKILL');
        await left;
    };
}

/* What a person in a hurry asks, and has to be answered: resolves with the reply. */
export const asks = (server, person) => ({
    livez: () => server.desk.request('GET', '/livez', undefined, { key: null }),
    'panic on': () => server.api('POST', '/environments/production/panic', { is_panic: true }),
    'panic off': () => server.api('POST', '/environments/production/panic', { is_panic: false }),
    'sign in': () => server.desk.request('POST', '/api/v1/login', person, { key: null }),
    decide: () => server.decide({ visitor_id: 'honest' }),
});
