// SPDX-License-Identifier: GPL-3.0-or-later
// The colours of variants: the control is grey wherever it stands, and no other is.
const SERIES = ['var(--series-1)', 'var(--series-2)', 'var(--series-3)', 'var(--series-4)'];

export function seriesOf(keys: string[], control: string | null): string[] {
    const others = keys.filter((key) => key !== control);
    return keys.map((key) =>
        key === control ? 'var(--series-control)' : (SERIES[others.indexOf(key) % SERIES.length] as string),
    );
}
