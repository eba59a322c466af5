// SPDX-License-Identifier: MIT
// Where a unit stands among 10,000 buckets: FNV-1a over UTF-16 units, twice, as on the edge.

export const BUCKETS = 10000;

function fnv1a(text: string): number {
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return hash >>> 0;
}

export const bucketOf = (seed: string, unit: string): number => fnv1a(String(fnv1a(seed + unit))) % BUCKETS;

/** Names a visitor without saying who it is: how the configuration lists whom it forces. */
export const nameOf = (seed: string, unit: string): string =>
    [fnv1a(seed + unit), fnv1a(unit + seed)].map((n) => ('0000000' + n.toString(16)).slice(-8)).join('');

/** Which variant owns the bucket, by its index, or -1. */
export function ownerOf(weights: number[], coverage: number, bucket: number): number {
    const total = weights.reduce((a, b) => a + b, 0);
    const isOff = total < 0.99 || total > 1.01;
    const share = Math.min(1, Math.max(0, coverage));
    const n = bucket / BUCKETS;
    let start = 0;
    for (let i = 0; i < weights.length; i++) {
        const weight = isOff ? 1 / weights.length : weights[i]!;
        if (n >= start && n < start + share * weight) return i;
        start += weight;
    }
    return -1;
}
