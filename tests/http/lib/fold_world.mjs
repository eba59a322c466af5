// SPDX-License-Identifier: GPL-3.0-or-later
// Random campaigns and events for tests of the fold, made so that the rare cases are common: equal
// times, repeated orders, refunds of every kind, events around exposures and ends of phases.

export const FIRST_DAY = '2026-02-20';
export const DAYS = 75;
const START = Date.parse('2026-02-23T00:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/* A generator with a seed (mulberry32). */
export function random(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    const int = (from, to) => from + Math.floor(next() * (to - from + 1));
    return {
        int,
        chance: (p) => next() < p,
        pick: (list) => list[int(0, list.length - 1)],
        hex: (digits) => Array.from({ length: digits }, () => int(0, 15).toString(16)).join(''),
        shuffle: (list) =>
            list
                .map((x) => [next(), x])
                .sort((a, b) => a[0] - b[0])
                .map(([, x]) => x),
    };
}

const shoes = { sql: '$.category == "shoes"', js: (p) => p.category === 'shoes' };

function metrics() {
    const buy = (value, filter) => ({ event: 'purchase', value, filter });
    return [
        { kind: 'conversion', numerator: buy() },
        { kind: 'sum', numerator: buy('value'), scale: 100 },
        { kind: 'mean', numerator: buy('items.quantity', shoes), windowHours: 72 },
        { kind: 'ratio', numerator: buy('value'), denominator: { event: 'add_to_cart' }, scale: 100 },
        { kind: 'count', numerator: { event: 'exposure' }, cap: 2 },
        { kind: 'sum', numerator: buy('value', shoes), scale: 100, cap: 5000, windowHours: 30.5 },
        { kind: 'sum', numerator: { event: 'rating', value: 'score.stars' }, scale: 1000000 },
        { kind: 'count', numerator: { event: 'refund' } },
        { kind: 'ratio', numerator: { event: 'rating', value: 'score.stars' }, denominator: buy('items.price') },
    ].map((metric, i) => ({ id: i + 1, ...metric }));
}

/* Two campaigns of one environment, and one with the same key in another. Phase 2 comes later. */
export function makeWorld(r) {
    const [conversion, revenue, items, ratio, exposures, shoe, stars, returns, odd] = metrics();
    const endsAt = START + r.int(18, 24) * DAY + r.int(0, 5000);
    const variants = ['a', 'b'];
    return {
        zones: { 1: 'Europe/Berlin', 2: 'America/Los_Angeles' },
        lateMetric: odd,
        metrics: [odd],
        campaigns: [
            {
                id: 1,
                environment: 1,
                key: 'one',
                phases: [
                    { number: 1, variants, endedAt: null, endsAt },
                    { number: 2, variants: ['a', 'c'], endedAt: null, isLater: true, preDays: 3 },
                ],
                metrics: [conversion, revenue, items, ratio],
            },
            {
                id: 2,
                environment: 1,
                key: 'two',
                phases: [{ number: 1, variants, endedAt: null, preDays: 60 }],
                metrics: [returns, revenue, exposures, shoe, stars],
            },
            {
                id: 3,
                environment: 2,
                key: 'one',
                phases: [{ number: 1, variants, endedAt: START + 20 * DAY, preDays: 0 }],
                metrics: [{ ...revenue, id: 100, environment: 2 }],
            },
        ],
    };
}

export function makeEvents(r, world) {
    const events = [];
    for (let i = 0; i < 120; i++) {
        const visitor = { name: `${r.pick(['v', 'V', 'é', '日'])}${i}`, at: START + r.int(0, 30) * DAY };
        const count = r.int(1, 24);
        for (let j = 0; j < count; j++) events.push(event(r, world, visitor));
    }
    return events;
}

/* Around where the visitor is most of the time, in whole hours: equal times are common. */
function moment(r, world, visitor) {
    const ended = world.campaigns[0].phases[0].endsAt;
    if (r.chance(0.1)) return ended + r.int(-1, 1);
    if (r.chance(0.05)) return visitor.at - r.int(30, 45) * DAY > START ? visitor.at - r.int(30, 45) * DAY : visitor.at;
    return visitor.at + r.int(0, 36) * 3 * HOUR;
}

/* The day is that of the id, up to two days away from the time. */
function event(r, world, visitor) {
    const ts = Math.min(Math.max(moment(r, world, visitor), START), START + 66 * DAY);
    const idTime = ts + (r.chance(0.3) ? r.int(-2 * DAY, 2 * DAY) : 0);
    const hex = Math.max(idTime, 0).toString(16).padStart(12, '0');
    const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7${r.hex(3)}-8${r.hex(3)}-${r.hex(12)}`;
    const [name, properties] = r.pick([exposure, exposure, purchase, purchase, purchase, refund, cart, rating, view])(
        r,
        world,
    );
    return {
        visitor: visitor.name,
        id,
        day: new Date(idTime).toISOString().slice(0, 10),
        environment: r.chance(0.15) ? 2 : 1,
        name,
        ts,
        properties,
        marks: r.chance(0.04) ? r.pick([1, 2, 4]) : 0,
    };
}

function exposure(r) {
    return [
        'exposure',
        {
            campaign: r.pick(['one', 'one', 'one', 'two', 'two', 'three']),
            phase: r.pick([1, 1, 1, 2, 9]),
            variant: r.chance(0.8) ? 'a' : r.pick(['b', 'c', 'x']),
            device: r.pick(['mobile', 'tablet', 'desktop', 'watch', undefined]),
            country: r.pick(['de', 'DE', 'Germany', 'fr', undefined]),
            visitor_type: r.pick(['new', 'returning', 'old', undefined]),
        },
    ];
}

const money = (r) => (r.chance(0.05) ? '12' : { milli: BigInt(r.int(r.chance(0.03) ? -20000 : 0, 60000)) });

const orderId = (r) => r.pick(['t1', 't1', 't2', 't3', '', undefined, { milli: 7000n }, '7', null, true]);

const list = (r, make) =>
    r.chance(0.2) ? undefined : r.chance(0.05) ? 'none' : Array.from({ length: r.int(0, 3) }, make);

const item = (r) => () =>
    r.chance(0.05)
        ? 'sock'
        : {
              quantity: r.pick([undefined, null, '2', { milli: 1000n }, { milli: 2000n }, { milli: 3000n }]),
              price: r.pick([undefined, { milli: 9990n }, { milli: 1500n }]),
          };

function purchase(r) {
    return [
        'purchase',
        {
            transaction_id: orderId(r),
            value: r.chance(0.9) ? money(r) : undefined,
            category: r.pick(['shoes', 'shoes', 'hats', undefined]),
            items: list(r, item(r)),
        },
    ];
}

function refund(r) {
    return [
        'refund',
        {
            transaction_id: orderId(r),
            value: r.chance(0.7) ? money(r) : undefined,
            category: r.pick(['shoes', undefined]),
            items: r.chance(0.3) ? list(r, item(r)) : undefined,
        },
    ];
}

const cart = () => ['add_to_cart', {}];

const view = () => ['page_view', {}];

const rating = (r) => [
    'rating',
    { score: r.pick([{ stars: { milli: BigInt(r.int(-5000, 5000)) } }, { stars: '5' }, 5]) },
];
