// SPDX-License-Identifier: GPL-3.0-or-later
// What a phase can be broken down by.
import { useQuery } from '../../lib/query';
import type { Phase } from '../campaigns/campaign';

export interface Dimension {
    key: string;
    name: string;
}

/* What a phase can be broken down by, by their names. */
export function useDimensions(phase: Phase): Dimension[] {
    const known = useQuery<{ items: Dimension[] }>('/dimensions?limit=500').data?.items;
    return phase.dimensions.map((key) => ({
        key,
        name: known?.find((one) => one.key === key)?.name || key,
    }));
}
