// SPDX-License-Identifier: GPL-3.0-or-later
// JSON merge patch (RFC 7396) merges objects: one that shall stand in place of another says null to what goes.

export function replaced(before: unknown, after: unknown): unknown {
    const isObject = (x: unknown): x is Record<string, unknown> =>
        typeof x === 'object' && x !== null && !Array.isArray(x);
    if (!isObject(before) || !isObject(after)) return after;
    const gone = Object.keys(before)
        .filter((key) => !(key in after))
        .map((key) => [key, null]);
    return Object.fromEntries([
        ...gone,
        ...Object.entries(after).map(([key, value]) => [key, replaced(before[key], value)]),
    ]);
}
