// SPDX-License-Identifier: GPL-3.0-or-later
// What JavaScript itself answers: conditions and buckets said with the language's own operators, so
// that the C code can be compared with it on random input. Shared by the *_js.mjs tests.

export function random(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    const below = (n) => Math.floor(next() * n);
    return { next, below, pick: (list) => list[below(list.length)] };
}

export function fnv1a(text) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return hash >>> 0;
}

const at = (root, path) =>
    path
        .split('.')
        .reduce(
            (value, key) =>
                value !== null && typeof value === 'object' && Object.hasOwn(value, key) ? value[key] : null,
            root,
        );

const isOperators = (object) => Object.keys(object).length > 0 && Object.keys(object).every((key) => key[0] === '$');

const fold = (value) => (typeof value === 'string' ? value.toLowerCase() : value);

function isIn(value, list, as = (x) => x) {
    const wanted = new Set(list.map(as));
    return (Array.isArray(value) ? value : [value]).some((item) => wanted.has(as(item)));
}

function padded(version) {
    let text = typeof version === 'number' ? String(version) : version;
    if (typeof text !== 'string' || text === '') text = '0';
    const bare = text.replace(/\+.*$/, '').replace(/^v/, '');
    const padding = (list) =>
        list.split(/[-.]/).map((part) => (/^[0-9]+$/.test(part) ? part.replace(/^0+(?=.)/, '').padStart(20) : part));
    const at = bare.indexOf('-');
    if (at < 0) return `${padding(bare).join('-')}!`;
    return `${padding(bare.slice(0, at)).join('-')} ${padding(bare.slice(at + 1)).join('-')}`;
}

/* Microseconds since 1970 of what RFC 3339 writes, or null. */
function instant(text) {
    if (typeof text !== 'string') return null;
    const parts = /^(\d{4})-(\d\d)-(\d\d)([t ](\d\d):(\d\d):(\d\d)(\.\d+)?(z|[+-]\d\d:\d\d))?$/i.exec(text);
    if (!parts) return null;
    const [, year, month, day, time, hour = 0, minute = 0, second = 0, fraction = '.', zone = 'z'] = parts;
    const [, zoneHours, zoneMinutes] = /(\d\d):(\d\d)/.exec(zone) ?? [0, 0, 0];
    const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const isReal = month >= 1 && month <= 12 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
    if (year < 1970 || !isReal || zoneHours > 23 || zoneMinutes > 59) return null;
    const ahead = (zone[0] === '-' ? -1n : 1n) * (BigInt(zoneHours) * 60n + BigInt(zoneMinutes));
    const ms = BigInt(Date.UTC(year, month - 1, day, hour, minute, second)) - ahead * 60_000n;
    return ms < 0n ? null : ms * 1000n + BigInt((time ? fraction : '.').slice(1, 7).padEnd(6, '0'));
}

const inOrder = (is) => (v, x) => {
    const [a, b] = [instant(v), instant(x)];
    return a !== null && b !== null ? is(a, b) : is(v, x);
};

function found(pattern, flags, value) {
    try {
        if (typeof pattern !== 'string') return null;
        return new RegExp(pattern, flags).test(value);
    } catch {
        return null;
    }
}

const kind = (v) => (v === null ? 'null' : Array.isArray(v) ? 'array' : typeof v);

const hasEach = (value, list, groups, ignoreCase) =>
    Array.isArray(value) &&
    Array.isArray(list) &&
    list.every((want) => value.some((item) => test(want, item, groups, ignoreCase)));

const operators = {
    $eq: (v, x) => v === x,
    $ne: (v, x) => v !== x,
    $lt: inOrder((v, x) => v < x),
    $lte: inOrder((v, x) => v <= x),
    $gt: inOrder((v, x) => v > x),
    $gte: inOrder((v, x) => v >= x),
    $veq: (v, x) => padded(v) === padded(x),
    $vne: (v, x) => padded(v) !== padded(x),
    $vlt: (v, x) => padded(v) < padded(x),
    $vlte: (v, x) => padded(v) <= padded(x),
    $vgt: (v, x) => padded(v) > padded(x),
    $vgte: (v, x) => padded(v) >= padded(x),
    $exists: (v, x) => (v !== null) === Boolean(x),
    $in: (v, x) => Array.isArray(x) && isIn(v, x),
    $nin: (v, x) => Array.isArray(x) && !isIn(v, x),
    $ini: (v, x) => Array.isArray(x) && isIn(v, x, fold),
    $nini: (v, x) => Array.isArray(x) && !isIn(v, x, fold),
    $inGroup: (v, x, groups) => isIn(v, groups[x] ?? []),
    $notInGroup: (v, x, groups) => !isIn(v, groups[x] ?? []),
    $not: (v, x, groups) => !test(x, v, groups),
    $size: (v, x, groups) => Array.isArray(v) && test(x, v.length, groups),
    $elemMatch: (v, x, groups) =>
        Array.isArray(v) &&
        v.some((item) => item && (isOperators(x) ? test(x, item, groups) : matches(x, item, groups))),
    $all: (v, x, groups) => hasEach(v, x, groups, false),
    $alli: (v, x, groups) => hasEach(v, x, groups, true),
    $regex: (v, x) => found(x, '', v) === true,
    $regexi: (v, x) => found(x, 'i', v) === true,
    $notRegex: (v, x) => found(x, '', v) === false,
    $notRegexi: (v, x) => found(x, 'i', v) === false,
    $type: (v, x) => kind(v) === x,
};

function test(condition, value, groups, ignoreCase = false) {
    switch (kind(condition)) {
        case 'null':
            return value === null;
        case 'string':
            return ignoreCase ? String(value).toLowerCase() === condition.toLowerCase() : value + '' === condition;
        case 'number':
            return value * 1 === condition;
        case 'boolean':
            return value !== null && Boolean(value) === condition;
        case 'object':
            if (isOperators(condition))
                return Object.entries(condition).every(([name, x]) => operators[name]?.(value, x, groups) ?? false);
    }
    return JSON.stringify(value) === JSON.stringify(condition);
}

export function matches(condition, attributes, groups = {}) {
    const any = (list) => list.length === 0 || list.some((part) => matches(part, attributes, groups));
    return Object.entries(condition).every(([key, x]) => {
        if (key === '$or') return any(x);
        if (key === '$nor') return !any(x);
        if (key === '$and') return x.every((part) => matches(part, attributes, groups));
        if (key === '$not') return !matches(x, attributes, groups);
        return test(x, at(attributes, key), groups);
    });
}

// The parser refuses integers beyond 64 bits; the same number with a fraction is welcome.
export const line = (c) => JSON.stringify(c).replace(/(?<=[:,[])(-?\d{19,})(?=[,}\]])/g, '$1.0') + '\n';
