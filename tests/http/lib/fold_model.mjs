// SPDX-License-Identifier: GPL-3.0-or-later
// What results should be, worked out one visitor and one event at a time from the plain list of
// events: slow, without SQL, and written against the rules instead of against the fold. Numbers are
// BigInt thousandths in properties ({ milli: 19995n } stands for 19.995) and BigInt fixed point here.

const LOOK_BACK_MS = 35 * 86_400_000;
const PRE_PERIOD_DAYS = 14;

/* How long before its exposure what a unit did is its past. */
const preMs = (phase) => (phase.preDays ?? PRE_PERIOD_DAYS) * 86_400_000;

const byTime = (a, b) => a.ts - b.ts || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/* A number, or the text of one; null: neither. The world's texts are whole. */
function milliOf(v) {
    if (isNumber(v)) return v.milli;
    return typeof v === 'string' && /^-?\d+$/.test(v) ? BigInt(v) * 1000n : null;
}

/* Rounds half away from zero. */
function fixedPoint(milli, scale) {
    const product = milli * scale;
    const size = product < 0n ? -product : product;
    const rounded = (size + 500n) / 1000n;
    return product < 0n ? -rounded : rounded;
}

const isNumber = (v) => typeof v === 'object' && v !== null && 'milli' in v;

function at(value, path) {
    return path.reduce((v, key) => (v === null || typeof v !== 'object' || isNumber(v) ? undefined : v[key]), value);
}

function itemAmount(item, path) {
    const value = at(item, path);
    if (milliOf(value) !== null) return milliOf(value);
    const isPiece = typeof item === 'object' && item !== null && path.join('.') === 'quantity';
    return isPiece && (value === undefined || value === null) ? 1000n : 0n;
}

/* null: the event does not say. */
export function amountOf(properties, path, scale) {
    const keys = path.split('.');
    if (keys[0] === 'items' && keys.length > 1) {
        if (!Array.isArray(properties.items) || properties.items.length === 0) return null;
        const total = properties.items.reduce((sum, item) => sum + itemAmount(item, keys.slice(1)), 0n);
        return fixedPoint(total, scale);
    }
    const value = at(properties, keys);
    const milli = milliOf(value);
    return milli === null ? null : fixedPoint(milli, scale);
}

export function orderOf(event) {
    const id = event.properties.transaction_id;
    if (isNumber(id)) return String(Number(id.milli) / 1000);
    return typeof id === 'string' && id !== '' ? id : null;
}

/* One row per variant seen: the first exposures of a visitor in the phases of the world's campaigns. */
function exposuresOf(world, events) {
    const rows = [];
    for (const campaign of world.campaigns) {
        for (const phase of campaign.phases) {
            const shown = events
                .filter((e) => e.name === 'exposure' && e.environment === campaign.environment)
                .filter((e) => e.properties.campaign === campaign.key && e.properties.phase === phase.number)
                .filter((e) => phase.variants.includes(e.properties.variant))
                .filter((e) => phase.endedAt === null || e.ts < phase.endedAt)
                .sort(byTime);
            if (shown.length > 0) rows.push(exposureRow(world, campaign, phase, shown));
        }
    }
    return rows;
}

/* The calendar day of a moment in a zone, as 2026-03-01. */
function dayIn(timeZone, ms) {
    const format = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    return `${parts.year}-${parts.month}-${parts.day}`;
}

function exposureRow(world, campaign, phase, shown) {
    const first = shown[0];
    const { device, country, visitor_type: type } = first.properties;
    const known = (list, value) => list.includes(value);
    return {
        visitor: first.visitor,
        campaign,
        phase,
        variant: first.properties.variant,
        isCrossover: shown.some((e) => e.properties.variant !== first.properties.variant),
        event: first,
        day: dayIn(world.zones[campaign.environment], first.ts),
        dimensions: {
            country: /^[a-z]{2}$/i.test(country ?? '') ? country.toUpperCase() : 'unknown',
            device:
                device === undefined ? 'unknown' : known(['mobile', 'tablet', 'desktop'], device) ? device : 'other',
            visitor_type: known(['new', 'returning'], type) ? type : 'unknown',
        },
    };
}

/* Whether an event lies in the unit's time: from its exposure to the end of window and phase; or before. */
function isInTime(unit, metric, event) {
    if (unit.isBefore) return event.ts < unit.event.ts && event.ts >= unit.event.ts - preMs(unit.phase);
    const end = unit.phase.endedAt ?? Infinity;
    const stay = metric.windowHours === undefined ? Infinity : unit.event.ts + metric.windowHours * 3_600_000;
    return event !== unit.event && event.ts >= unit.event.ts && event.ts < end && event.ts < stay;
}

/* A purchase that repeats an order is none. */
function isRepeated(unit, events, event) {
    const order = orderOf(event);
    if (event.name !== 'purchase' || order === null) return false;
    const earliest = unit.event.ts - Math.max(LOOK_BACK_MS, preMs(unit.phase));
    const same = events.filter((e) => e.name === 'purchase' && orderOf(e) === order && e.ts >= earliest);
    return same.sort(byTime)[0] !== event;
}

const passes = (part, event) => part.filter === undefined || part.filter.js(event.properties) === true;

function partOf(unit, metric, part, events, isCounting) {
    const counted = events
        .filter((e) => e.name === part.event && isInTime(unit, metric, e) && passes(part, e))
        .filter((e) => !isRepeated(unit, events, e));
    if (isCounting) return BigInt(counted.length);
    const scale = BigInt(metric.scale ?? 1);
    let sum = 0n;
    for (const event of counted) {
        const amount = amountOf(event.properties, part.value, scale) ?? 0n;
        sum += part.event === 'purchase' ? restOf(unit, metric, part, events, event, amount) : amount;
    }
    if (part.event !== 'purchase') return sum;
    const loose = refunds(unit, metric, events).filter((e) => orderOf(e) === null && passes(part, e));
    const returned = loose.reduce((total, e) => total + positive(amountOf(e.properties, part.value, scale) ?? 0n), 0n);
    if (returned === 0n || sum < 0n) return sum;
    return sum > returned ? sum - returned : 0n;
}

const positive = (n) => (n > 0n ? n : 0n);
const refunds = (unit, metric, events) => events.filter((e) => e.name === 'refund' && isInTime(unit, metric, e));

/* What is left of an order after its refunds, in the order they happened. */
function restOf(unit, metric, part, events, purchase, amount) {
    let rest = amount;
    const order = orderOf(purchase);
    if (order === null || amount < 0n) return amount;
    for (const refund of refunds(unit, metric, events)
        .filter((e) => orderOf(e) === order)
        .sort(byTime)) {
        const back = amountOf(refund.properties, part.value, BigInt(metric.scale ?? 1));
        const isWhole = refund.properties.value === undefined && refund.properties.items === undefined;
        if (back !== null) rest = positive(rest - positive(back));
        else if (isWhole) rest = 0n;
    }
    return rest;
}

function outcomeOf(unit, metric, events) {
    const { kind, numerator, denominator } = metric;
    const isCounting = (part) => kind === 'conversion' || kind === 'count' || part.value === undefined;
    const own = events.filter((e) => e.environment === unit.campaign.environment);
    let n = partOf(unit, metric, numerator, own, isCounting(numerator));
    let d = 0n;
    if (kind === 'ratio') d = partOf(unit, metric, denominator, own, isCounting(denominator));
    if (kind === 'mean') d = partOf(unit, metric, numerator, own, true);
    if (kind === 'conversion' && n > 1n) n = 1n;
    const isCapped = metric.cap !== undefined && ['sum', 'mean', 'count'].includes(kind);
    if (isCapped && n > BigInt(metric.cap)) n = BigInt(metric.cap);
    return { n, d };
}

/* Anything of the unit's in the environment, whatever it is called. */
function hasPast(unit, events) {
    const own = events.filter((e) => e.environment === unit.campaign.environment && e.ts < unit.event.ts);
    return own.some((e) => e.ts >= unit.event.ts - preMs(unit.phase));
}

const cellsOf = (unit) => [['all', ''], ...Object.entries(unit.dimensions)];

function add(map, key, row) {
    const sums = map.get(key) ?? row.map(() => 0n);
    map.set(
        key,
        sums.map((sum, i) => sum + row[i]),
    );
}

/*
 * The tables as sorted lines of text. world: {zones: {environment: zone}, campaigns: [{id, environment,
 * key, phases: [{number, variants, endedAt}], metrics: [{id, kind, numerator, …}]}]}; events: [{visitor, id,
 * environment, name, ts, properties, marks}], each id once. world.excluded, if there: those of "environment|visitor"
 * who were taken out.
 */
export function modelTables(world, events) {
    const tables = { exposure: [], outcome: [], cohort: new Map(), moment: new Map(), excluded: [] };
    const isOut = (unit) => world.excluded?.has(`${unit.campaign.environment}|${unit.visitor}`);
    const byVisitor = Map.groupBy ? Map.groupBy(events, (e) => e.visitor) : groupBy(events, (e) => e.visitor);
    for (const all of byVisitor.values()) {
        const clean = all.filter((e) => e.marks === 0);
        for (const unit of exposuresOf(world, clean)) {
            if (isOut(unit)) tables.excluded.push(asideLine(unit));
            else addUnit(tables, unit, clean);
        }
    }
    const lines = (map) => [...map].map(([key, sums]) => `${key}|${sums.join('|')}`);
    return {
        exposure: tables.exposure.sort(),
        outcome: tables.outcome.sort(),
        cohort: lines(tables.cohort).sort(),
        moment: lines(tables.moment).sort(),
        excluded: tables.excluded.sort(),
    };
}

function groupBy(list, keyOf) {
    const map = new Map();
    for (const item of list) map.set(keyOf(item), [...(map.get(keyOf(item)) ?? []), item]);
    return map;
}

const asideLine = ({ visitor, campaign, phase, event }) =>
    [visitor, campaign.id, phase.number, event.id, event.ts].join('|');

function addUnit(tables, unit, events) {
    const { campaign, phase, variant, day, dimensions: d } = unit;
    const place = `${campaign.id}|${phase.number}`;
    const cross = unit.isCrossover ? 1n : 0n;
    const missing = hasPast(unit, events) ? 0n : 1n;
    const frozen = `${day}|${d.country}|${d.device}|${d.visitor_type}|${1n - missing}`;
    tables.exposure.push(`${unit.visitor}|${place}|${variant}|${cross}|${unit.event.id}|${unit.event.ts}|${frozen}`);
    for (const cell of cellsOf(unit))
        add(tables.cohort, `${place}|${variant}|${day}|${cell.join('|')}`, [1n, cross, missing]);
    for (const metric of campaign.metrics) {
        const { n, d: den } = outcomeOf(unit, metric, events);
        const { n: x, d: y } = outcomeOf({ ...unit, isBefore: true }, metric, events);
        if ([n, den, x, y].every((sum) => sum === 0n)) continue;
        tables.outcome.push(`${unit.visitor}|${place}|${metric.id}|${n}|${den}|${x}|${y}`);
        const own = [1n, n, den, n * n, n * den, den * den, n * n * n];
        const past = [x, y, x * x, x * y, y * y, n * x, n * y, den * x, den * y];
        const sums = [...own, ...past, n * missing, den * missing];
        for (const cell of cellsOf(unit)) {
            add(tables.moment, `${place}|${variant}|${metric.id}|${day}|${cell.join('|')}`, sums);
        }
    }
}
