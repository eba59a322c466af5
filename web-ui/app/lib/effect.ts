// SPDX-License-Identifier: GPL-3.0-or-later
// What an event did to results, as the API says it.

export interface CampaignEffect {
    campaign: string;
    phase: number;
    variant: string;
    what:
        | 'counted'
        | 'exposed'
        | 'known'
        | 'crossover'
        | 'before_exposure'
        | 'after_phase'
        | 'overflow'
        | 'duplicate_order'
        | 'no_metric'
        | 'after_window'
        | 'filtered'
        | 'no_amount'
        | 'no_rate';
    metrics: string[];
}

/* counts null: results have not read it yet; unrated: currency of its money, which has no rate. */
export interface Effect {
    counts: boolean | null;
    why: 'pending' | 'bot' | 'staff' | 'forced' | 'excluded' | 'unassigned' | 'after_phase' | 'not_exposed' | null;
    unrated: string | null;
    campaigns: CampaignEffect[];
}
