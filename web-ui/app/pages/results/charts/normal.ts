// SPDX-License-Identifier: GPL-3.0-or-later

/* Upper tail of the standard normal: Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
function tail(x: number): number {
    const k = 1 / (1 + 0.2316419 * x);
    const polynomial = k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
    return (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}

/* The quantile for a probability of at least one half, by halving: for pictures and widened intervals. */
export function quantileOfNormal(probability: number): number {
    let low = 0;
    let high = 9;
    for (let i = 0; i < 60; i += 1) {
        const middle = (low + high) / 2;
        if (1 - tail(middle) < probability) low = middle;
        else high = middle;
    }
    return (low + high) / 2;
}
