// SPDX-License-Identifier: GPL-3.0-or-later
// What came in, as the API says it.

export interface Sent {
    event_count: number;
    value_share: number | null;
    currency_share: number | null;
    unassigned_count: number;
    last_seen_at: string | null;
    day_counts: number[];
}

export interface Quality {
    days: string[];
    names: (Sent & { name: string })[];
    other: Sent | null;
    total: Sent;
}

/* name null: all names for which there is no row. */
export type Row = Sent & { name: string | null };

export const rowsOf = ({ names, other }: Quality): Row[] => (other ? [...names, { ...other, name: null }] : names);

/* Some of the events have it, some do not; an order always has one. */
export function isOddShare(name: string | null, share: number): boolean {
    if (name === null || share === 1) return false;
    return share > 0 || name === 'purchase';
}
