// SPDX-License-Identifier: GPL-3.0-or-later
// Weights in hundredths of a per cent, so that they always add up to exactly 1.

const WHOLE = 10_000;

/* Real shares as whole numbers that add up to 'total': the largest remainders are rounded up. */
export function apportion(shares: number[], total: number): number[] {
    const sum = shares.reduce((a, b) => a + b, 0);
    const exact = shares.map((share) => (sum > 0 ? (share / sum) * total : total / shares.length));
    const whole = exact.map(Math.floor);
    const order = exact
        .map((value, i) => ({ i, rest: value - Math.floor(value) }))
        .sort((a, b) => b.rest - a.rest || a.i - b.i);
    let left = total - whole.reduce((a, b) => a + b, 0);
    for (const { i } of order) {
        if (left <= 0) break;
        whole[i] = (whole[i] ?? 0) + 1;
        left -= 1;
    }
    return whole;
}

const asWeights = (units: number[]): number[] => units.map((n) => n / WHOLE);

/* One weight as wished, the others share the rest as they did before. */
export function withWeight(weights: number[], index: number, wished: number): number[] {
    if (weights.length === 1) return [1];
    const own = Math.round(Math.min(1, Math.max(0, wished)) * WHOLE);
    const others = weights.filter((_, i) => i !== index);
    const rest = apportion(others, WHOLE - own);
    return asWeights(weights.map((_, i) => (i === index ? own : (rest[i < index ? i : i - 1] ?? 0))));
}

export const evenWeights = (count: number): number[] =>
    asWeights(
        apportion(
            Array.from({ length: count }, () => 1),
            WHOLE,
        ),
    );

/* The weights of those that stay, in their proportions. */
export const normalised = (weights: number[]): number[] => asWeights(apportion(weights, WHOLE));
