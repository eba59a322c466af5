// SPDX-License-Identifier: GPL-3.0-or-later
// How campaigns stand: asked for one after the other, so that a long list costs the server no more than one page does
// at a time; those that run come first.
import { useEffect, useState } from 'preact/hooks';
import type { Results } from '../../../generated/results';
import { apiUrl, get } from '../../lib/api';
import type { Campaign } from './campaign';

export type Standing = Pick<Results, 'campaign' | 'phase' | 'currency' | 'verdict' | 'money' | 'attention'>;
export type Standings = Map<string, Standing>;

const AT_MOST = 100;
const RANK: Partial<Record<Campaign['status'], number>> = { running: 0, paused: 1, stopped: 2 };

/* Keys of those that have results, the most interesting first. */
function wanted(campaigns: Campaign[]): string[] {
    return campaigns
        .filter(({ status, phase }) => RANK[status] !== undefined && phase > 0)
        .sort((a, b) => RANK[a.status]! - RANK[b.status]! || b.updated_at.localeCompare(a.updated_at))
        .slice(0, AT_MOST)
        .map(({ key }) => key);
}

/* What was read last, until it is read again. */
let kept: { home: string; standings: Standings } = { home: '', standings: new Map() };

async function readAll(keys: string[], signal: AbortSignal, onRead: (standing: Standing) => void): Promise<void> {
    for (const key of keys) {
        if (signal.aborted) return;
        const reply = await get<Standing>(`/campaigns/${encodeURIComponent(key)}/standing`, signal).catch(() => null);
        if (reply && !signal.aborted) onRead(reply.body);
    }
}

export function useStandings(campaigns: Campaign[]): Standings {
    const home = apiUrl('');
    const keys = wanted(campaigns);
    const [, redraw] = useState(0);
    if (kept.home !== home) kept = { home, standings: new Map() };
    useEffect(() => {
        const abort = new AbortController();
        void readAll(keys, abort.signal, (standing) => {
            kept.standings.set(standing.campaign, standing);
            redraw((n) => n + 1);
        });
        return () => abort.abort();
        // The list comes anew whenever it was read again: then they are, too.
    }, [campaigns]);
    return kept.standings;
}
