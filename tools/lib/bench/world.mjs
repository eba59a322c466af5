// SPDX-License-Identifier: GPL-3.0-or-later
// What the benches decide about: ten flags, campaigns of which a third has a condition, a thousand
// visitors.
import { until } from '../../../tests/http/lib/harness.mjs';

const FLAGS = 10;
const VISITORS = 1000;
const COUNTRIES = ['DE', 'FR', 'US', 'GB', 'JP', 'NL'];
const DEVICES = ['mobile', 'tablet', 'desktop'];

/* Every condition is one of its own: nothing is won by keeping the answer to one of them. */
export function audience(i) {
    return {
        country: { $in: [0, 1, 2].map((n) => COUNTRIES[(i / 3 + n) % COUNTRIES.length]) },
        age: { $gte: 18 + (i % 20) },
        $or: [{ device: DEVICES[i % 2] }, { visits: { $gt: i % 10 } }],
    };
}

function campaign(i) {
    const flag = `flag_${i % FLAGS}`;
    const variant = (key, is_control) => ({ key, weight: 0.5, is_control, flags: { [flag]: `${key}-${i}` } });
    return {
        key: `campaign_${i}`,
        name: `Campaign ${i}`,
        kind: 'experiment',
        priority: i,
        variants: [variant('a', true), variant('b', false)],
        metrics: [{ key: 'conversion_rate', role: 'primary' }],
        ...(i % 3 === 0 ? { audience: audience(i) } : {}),
    };
}

async function must(reply) {
    const { status, text } = await reply;
    if (status >= 300) throw new Error(`${status} ${text}`);
}

/* The bodies of decide requests, one for each visitor. */
export function questions() {
    return Array.from({ length: VISITORS }, (_, i) =>
        JSON.stringify({
            visitor_id: `visitor-${i}`,
            attributes: {
                country: COUNTRIES[i % COUNTRIES.length],
                device: DEVICES[i % DEVICES.length],
                age: 18 + (i % 60),
                visits: i % 40,
            },
        }),
    );
}

/* Makes campaigns number 'from' up to below 'to' run, and the flags with the first of them; resolves
 * when the edge knows, with the text of a reply. */
export async function addCampaigns(server, from, to) {
    for (let i = 0; from === 0 && i < FLAGS; i += 1) {
        await must(server.api('POST', '/flags', { key: `flag_${i}`, type: 'string', default: '' }));
    }
    for (let i = from; i < to; i += 1) {
        await must(server.api('POST', '/campaigns', campaign(i)));
        await must(server.api('POST', `/campaigns/campaign_${i}/start`, {}));
    }
    const reply = await until(
        async () => {
            const asked = await server.decide(questions()[0]);
            return asked.body.decisions.length === to && asked;
        },
        60_000,
        `${to} campaigns to run`,
    );
    return reply.text;
}
