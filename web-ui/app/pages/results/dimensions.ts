// SPDX-License-Identifier: GPL-3.0-or-later
// What a phase can be broken down by.
import { t, type MessageKey } from '../../lib/i18n';
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

/* Those that come with an environment are called in the language of who reads. */
const BUILT_IN = ['device', 'country', 'visitor_type'];
export const nameOf = ({ key, name }: Dimension) =>
    BUILT_IN.includes(key) ? t(`results.dimension.${key}` as MessageKey) : name;
